import CFFTW
import Synchronization

/// FFTW's transform of real sequences, in double precision.
final class RealTransform: Sendable {
  let count: Int
  // FFTW's planner is not thread-safe; executing a plan on separate arrays is.
  private static let planner = Mutex(())
  nonisolated(unsafe) private let plan: fftw_plan

  init(count: Int) {
    self.count = count
    plan = RealTransform.planner.withLock { _ in
      let input = UnsafeMutablePointer<Double>.allocate(capacity: count)
      let output = UnsafeMutablePointer<fftw_complex>.allocate(capacity: count / 2 + 1)
      defer {
        input.deallocate()
        output.deallocate()
      }
      return fftw_plan_dft_r2c_1d(Int32(count), input, output, FFTW_ESTIMATE | FFTW_UNALIGNED)
    }
  }

  deinit {
    RealTransform.planner.withLock { _ in fftw_destroy_plan(plan) }
  }

  /// |X[k]|² for k = 0…count/2 of `samples`, zero-padded to `count`.
  func power(_ samples: [Double]) -> [Double] {
    var input = samples + [Double](repeating: 0, count: count - samples.count)
    let output = UnsafeMutableBufferPointer<fftw_complex>.allocate(capacity: count / 2 + 1)
    defer { output.deallocate() }
    fftw_execute_dft_r2c(plan, &input, output.baseAddress)
    return output.map { $0.0 * $0.0 + $0.1 * $0.1 }
  }
}
