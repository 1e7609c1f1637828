extension Graph {
  /// The codes of tensor `index`, row by row, that the last `push` made, or the last `decide` where there is one row
  /// per decision. For comparing networks layer by layer; valid until the next call.
  public func codes(ofTensor index: Int) -> UnsafeBufferPointer<Int8> {
    let tensor = program.tensors[index]
    let count = tensor.rate == 0 ? 1 : counts[index]
    return UnsafeBufferPointer(
      start: plan.rows(Int32(index)), count: count &* Int(tensor.channels))
  }
}
