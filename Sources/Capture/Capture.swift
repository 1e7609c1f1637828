// The first file of Capture.
