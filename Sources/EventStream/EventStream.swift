// The first file of EventStream.
