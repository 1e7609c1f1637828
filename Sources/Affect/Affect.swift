// The first file of Affect.
