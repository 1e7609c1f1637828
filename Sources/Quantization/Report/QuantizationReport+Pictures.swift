import Glibc
import Text

extension QuantizationReport {
  /// Below this, in dB, a layer's bar has another colour.
  static let weakLayer = 30.0

  /// A bar for each layer: signal-to-quantization-noise ratio of its output.
  var layerPicture: String {
    let (left, step) = (190.0, 20.0)
    let greatest = max(layers.map { min($0.signalToNoise, 100) }.max() ?? 0, 60)
    var picture = SVG(width: 760, height: Double(layers.count) * step + 24)
    let unit = (picture.width - left - 60) / greatest
    for mark in stride(from: 0.0, through: greatest, by: 20) {
      let x = left + mark * unit
      picture.line(from: (x, 0), to: (x, picture.height - 18), style: "grid")
      picture.text("\(decimal(mark, places: 0)) dB", x: x, y: picture.height - 4, anchor: "middle")
    }
    for (index, layer) in layers.enumerated() {
      let y = Double(index) * step
      let length = max(min(layer.signalToNoise, greatest), 0) * unit
      picture.text(shortened(layer.name), x: left - 8, y: y + 14, anchor: "end")
      picture.rectangle(
        x: left, y: y + 3, width: length, height: step - 6,
        style: layer.signalToNoise < QuantizationReport.weakLayer ? "bar weak" : "bar",
        hint: "\(layer.name): \(decibels(layer.signalToNoise)) dB")
      picture.text(decibels(layer.signalToNoise), x: left + length + 6, y: y + 14)
    }
    return picture.element(title: "Signal to quantization noise by layer")
  }

  /// Each int8 logit over its float counterpart; equal ones lie on the diagonal.
  var logitPicture: String {
    var picture = SVG(width: 420, height: 420)
    let limit = max(logitPairs.reduce(0) { max($0, abs($1.float), abs($1.integer)) }, 1)
    func place(_ value: Double) -> Double { 210 + value / limit * 190 }
    for mark in [-limit / 2, 0, limit / 2] {
      picture.line(from: (place(mark), 20), to: (place(mark), 400), style: "grid")
      picture.line(from: (20, place(mark)), to: (400, place(mark)), style: "grid")
      picture.text(decimal(mark, places: 1), x: place(mark), y: 415, anchor: "middle")
      picture.text(decimal(-mark, places: 1), x: 2, y: place(mark) + 4)
    }
    picture.line(from: (20, 400), to: (400, 20), style: "diagonal")
    for pair in logitPairs {
      picture.dot(x: place(pair.float), y: place(-pair.integer), style: "dot")
    }
    return picture.element(title: "int8 logits over float logits")
  }

  private func shortened(_ name: String) -> String {
    name.count <= 26 ? name : name.prefix(25) + "…"
  }
}

extension QuantizationReport.Layer {
  /// The distribution of the output, logarithmic, with the ends of the int8 grid.
  var activationPicture: String {
    var picture = SVG(width: 300, height: 96)
    let counts = (0..<128).map { group in
      activations.bins[group * 32..<(group + 1) * 32].reduce(0, +)
    }
    let x = { (value: Double) in 150 + value / activations.limit * 150 }
    QuantizationReport.Layer.draw(counts.map(Double.init), in: &picture, bottom: 80)
    if let grid {
      for code in [Int8(-128), 127] {
        let end = x(grid.real(code))
        picture.line(from: (end, 4), to: (end, 80), style: "limit")
      }
    }
    picture.text(decimal(-activations.limit, places: 2), x: 0, y: 94)
    picture.text("0", x: 150, y: 94, anchor: "middle")
    picture.text(decimal(activations.limit, places: 2), x: 300, y: 94, anchor: "end")
    return picture.element(title: "Distribution of the output of \(name)")
  }

  /// The distribution of the weight codes, logarithmic; nil without weights.
  var weightPicture: String? {
    guard !weightCodes.isEmpty else { return nil }
    var picture = SVG(width: 300, height: 96)
    QuantizationReport.Layer.draw(weightCodes.map(Double.init), in: &picture, bottom: 80)
    picture.text("−127", x: 0, y: 94)
    picture.text("0", x: 150, y: 94, anchor: "middle")
    picture.text("127", x: 300, y: 94, anchor: "end")
    return picture.element(title: "Distribution of the weight codes of \(name)")
  }

  private static func draw(_ counts: [Double], in picture: inout SVG, bottom: Double) {
    let highest = log1p(counts.max() ?? 0)
    guard highest > 0 else { return }
    let width = picture.width / Double(counts.count)
    let points = counts.enumerated().map { index, count in
      (x: (Double(index) + 0.5) * width, y: bottom - log1p(count) / highest * (bottom - 6))
    }
    picture.area(points, bottom: bottom, style: "area")
  }
}
