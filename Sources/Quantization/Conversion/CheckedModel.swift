import ModelFile

/// A model just made in memory, and checked.
///
/// `model` points into memory that lives as long as this object.
final class CheckedModel: @unchecked Sendable {
  let model: Model
  private let memory: AlignedMemory

  init(_ memory: AlignedMemory) throws(QuantizationProblem) {
    self.memory = memory
    guard memory.bytes.count <= LoadedModel.maximumSize else {
      throw .tooLarge(size: memory.bytes.count)
    }
    do throws(ModelProblem) {
      model = try Model(memory.bytes)
    } catch {
      throw .refused(error)
    }
  }
}
