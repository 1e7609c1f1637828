/// Complex numbers in two flat arrays.
struct ComplexPoints {
  let real: UnsafeMutablePointer<Int32>
  let imaginary: UnsafeMutablePointer<Int32>
}
