// The first file of Quantization.
