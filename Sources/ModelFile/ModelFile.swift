// The first file of ModelFile.
