// The first file of Inference.
