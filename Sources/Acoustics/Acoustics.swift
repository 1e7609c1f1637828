// The first file of Acoustics.
