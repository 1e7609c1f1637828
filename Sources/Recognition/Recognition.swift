// The first file of Recognition.
