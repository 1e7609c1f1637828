import Text

extension QuantizationReport {
  /// One self-contained page with the table and the pictures.
  public func html(minimumAgreement: Double, minimumSignalToNoise: Double) -> String {
    let passes = passes(
      minimumAgreement: minimumAgreement, minimumSignalToNoise: minimumSignalToNoise)
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escaped(name)) in int8</title>
      <style>\(QuantizationReport.style)</style>
      </head>
      <body>
      <h1>\(escaped(name)) in int8</h1>
      <p class="identifier">\(identifier)</p>
      <p class="\(passes ? "pass" : "fail")">\(passes ? "Within" : "Outside") the gate: equal labels \
      \(decimal(100 * agreement, places: 2)) % (at least \(decimal(100 * minimumAgreement, places: 2)) %), logit SQNR \
      \(decibels(logitSignalToNoise)) dB (at least \(decibels(minimumSignalToNoise)) dB).</p>
      \(onlyAnswer.map { "<p class=\"fail\">The network answers \(escaped($0)).</p>\n" } ?? "")\(figures)
      <h2>Signal to quantization noise by layer</h2>
      <figure class="wide">\(layerPicture)<figcaption>A layer below \(decibels(QuantizationReport.weakLayer)) dB is marked: \
      where to look if the logits are too noisy. The gate does not look at single layers.</figcaption></figure>
      <h2>Logits</h2>
      <figure>\(logitPicture)<figcaption>int8 over float, natural logarithms, less the mean of the \
      decision: \(thousands(logitPairs.count)) of \(thousands(contexts * (layers.last?.channels ?? 0))) logits.</figcaption></figure>
      <h2>Layers</h2>
      \(layerTable)
      <h2>Distributions</h2>
      <p>Counts are logarithmic. Lines mark the ends of the int8 grid.</p>
      <div class="cards">\(layers.map(card).joined())</div>
      </body>
      </html>

      """
  }

  private var figures: String {
    var rows = [
      ("contexts", "\(thousands(contexts)) in \(thousands(clips)) clips"),
      ("frames", thousands(frames)),
      (
        "work",
        "\(thousands(Int(multiplicationsPerFrame.rounded()))) multiplications a frame,"
          + " \(thousands(multiplicationsPerDecision)) a decision"
      ),
      ("size", "\(thousands(fileSize)) bytes in the file"),
    ]
    if let arenaSize { rows.append(("memory", "\(thousands(arenaSize)) bytes a stream")) }
    return "<dl>" + rows.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }.joined() + "</dl>"
  }

  private var layerTable: String {
    let header = [
      "layer", "operator", "channels", "per row", "scale", "zero point", "SQNR dB", "weights dB",
      "parameters",
    ]
    let rows = layers.map { layer in
      [
        layer.name, layer.operation, "\(layer.channels)",
        layer.rate == 0 ? "decision" : "\(layer.rate) frame\(layer.rate == 1 ? "" : "s")",
        layer.grid.map { significant($0.scale) } ?? "–",
        layer.grid.map { "\($0.zeroPoint)" } ?? "–",
        decibels(layer.signalToNoise), layer.weightSignalToNoise.map(decibels) ?? "–",
        thousands(layer.parameterCount),
      ]
    }
    let cells = { (row: [String], tag: String) in
      "<tr>" + row.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined() + "</tr>"
    }
    return "<table><thead>\(cells(header, "th"))</thead><tbody>"
      + rows.map { cells($0, "td") }.joined() + "</tbody></table>"
  }

  private func card(_ layer: Layer) -> String {
    let weights = layer.weightPicture.map { "<figcaption>weight codes</figcaption>\($0)" } ?? ""
    return "<figure><h3>\(escaped(layer.name))</h3><figcaption>output</figcaption>"
      + "\(layer.activationPicture)\(weights)</figure>"
  }

  private static let style = """
    :root { color-scheme: light dark; --ink: #1c2733; --faint: #c9d2db; --bar: #2f6f9f; --weak: #b5532c; --paper: #fff; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #dfe6ec; --faint: #3a4754; --bar: #6cb2e3; --weak: #e58a5f; --paper: #14191f; }
    }
    body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
    h1, h2, h3 { font-weight: 600; line-height: 1.2; } h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
    .identifier { font: 12px monospace; overflow-wrap: anywhere; }
    .pass, .fail { border-left: 4px solid var(--bar); padding: .5rem .8rem; } .fail { border-color: var(--weak); }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dd { margin: 0; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; display: block; overflow-x: auto; }
    th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid var(--faint); white-space: nowrap; }
    th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; }
    figure { margin: 0; max-width: 26rem; } figure.wide { max-width: 100%; } figcaption { font-size: 12px; opacity: .75; }
    .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1.2rem; }
    svg { width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: var(--ink); }
    .bar { fill: var(--bar); } .weak { fill: var(--weak); } .area { fill: var(--bar); opacity: .8; }
    .grid { stroke: var(--faint); } .diagonal { stroke: var(--weak); } .limit { stroke: var(--weak); stroke-dasharray: 3 2; }
    .dot { fill: var(--bar); opacity: .5; }
    """
}
