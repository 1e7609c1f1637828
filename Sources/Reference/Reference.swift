// The first file of Reference.
