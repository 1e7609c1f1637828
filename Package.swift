// swift-tools-version: 6.2
import PackageDescription

let optimizedAlways: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "edged",
  products: [
    .executable(name: "edged", targets: ["edged"]),
    .executable(name: "edgectl", targets: ["edgectl"]),
    .executable(name: "edgectl-tools", targets: ["edgectl-tools"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    // The core: no imports but each other, no allocation, compiles in Embedded Swift.
    // Its arithmetic is optimized in debug builds too: a hundred times slower, a daemon under test could not keep
    // up with the microphone.
    .target(name: "FixedPoint", swiftSettings: optimizedAlways),
    .target(
      name: "Acoustics", dependencies: ["FixedPoint", "CIntrinsics"],
      swiftSettings: optimizedAlways),
    .target(
      name: "Inference", dependencies: ["FixedPoint", "CIntrinsics"],
      swiftSettings: optimizedAlways),
    .target(name: "Recognition", dependencies: ["FixedPoint", "Acoustics", "Inference"]),

    // Files, meaning, events, microphones, the operating system: what the daemon adds. No Foundation.
    .target(name: "JSON"),
    .target(name: "Text"),
    .target(
      name: "ModelFile",
      dependencies: ["FixedPoint", "Acoustics", "Inference", "Recognition", "JSON"]),
    .target(name: "Affect"),
    .target(name: "SoundDevices"),
    .target(name: "Threads", dependencies: ["CLinux"]),
    .target(name: "EventStream", dependencies: ["Affect", "CLinux", "JSON", "SoundDevices"]),
    .target(
      name: "Console",
      dependencies: [
        "Text", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "Announcement", dependencies: ["Acoustics", "Recognition", "Affect", "EventStream"]),
    .target(name: "Capture", dependencies: ["CALSA", "CLinux", "SoundDevices", "Threads"]),
    .target(name: "Service", dependencies: ["CLinux", "CSystemd", "Text"]),
    .target(name: "Settings", dependencies: ["Affect", "Service"]),

    // The workstation: the oracle in double precision, and what turns float models into int8.
    .target(
      name: "Reference",
      dependencies: ["Acoustics", "Inference", "Recognition", "CFFTW"],
      swiftSettings: optimizedAlways),
    .target(
      name: "Evaluation",
      dependencies: ["FixedPoint", "Acoustics", "Inference", "Recognition", "ModelFile", "JSON"]),
    .target(
      name: "Quantization",
      dependencies: [
        "FixedPoint", "Acoustics", "Inference", "Recognition", "ModelFile", "JSON", "Affect",
        "Reference", "Evaluation", "Text",
      ]),

    // What each part of a model costs on this processor.
    .target(
      name: "Benchmark",
      dependencies: [
        "FixedPoint", "Acoustics", "Inference", "Recognition", "ModelFile", "CIntrinsics",
      ],
      swiftSettings: optimizedAlways),

    // Wiring and words.
    .executableTarget(
      name: "edged",
      dependencies: [
        "FixedPoint", "Acoustics", "Recognition", "ModelFile", "JSON", "Affect", "SoundDevices",
        "Threads", "EventStream", "Announcement", "Capture", "Service", "Settings", "Text",
        "CLinux",
      ]),
    .executableTarget(
      name: "edgectl",
      dependencies: [
        "FixedPoint", "Acoustics", "Inference", "Recognition", "ModelFile", "JSON", "Affect",
        "SoundDevices", "EventStream", "Capture", "Benchmark", "Console", "CLinux", "Text",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "edgectl-tools",
      dependencies: [
        "Acoustics", "Recognition", "ModelFile", "JSON", "Affect", "EventStream", "Announcement",
        "Console", "Text", "Evaluation", "Quantization", "CSndfile",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // The engine's own numbers, for the comparisons of tools/bench. (No ArgumentParser, or it would get a man page.)
    .executableTarget(
      name: "engine-probe",
      dependencies: [
        "FixedPoint", "Acoustics", "Inference", "Recognition", "ModelFile", "JSON", "Benchmark",
        "Quantization",
      ]),

    // Headers only: instructions that Swift cannot name.
    .systemLibrary(name: "CIntrinsics"),
    .systemLibrary(name: "CALSA", pkgConfig: "alsa", providers: [.apt(["libasound2-dev"])]),
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(
      name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),

    // What several test targets need.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: optimizedAlways),
    .testTarget(name: "FixedPointTests", dependencies: ["FixedPoint"]),
    .testTarget(
      name: "AcousticsTests",
      dependencies: [
        "FixedPoint", "Acoustics", "ModelFile", "Reference", "Quantization", "CSndfile",
        "TestSupport",
      ],
      swiftSettings: optimizedAlways),
    .testTarget(
      name: "InferenceTests",
      dependencies: ["FixedPoint", "Inference", "Reference", "TestSupport"],
      swiftSettings: optimizedAlways),
    .testTarget(
      name: "RecognitionTests",
      dependencies: [
        "FixedPoint", "Acoustics", "Recognition", "ModelFile", "Quantization", "TestSupport",
      ]),
    .testTarget(name: "TextTests", dependencies: ["Text"]),
    .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"]),
    .testTarget(
      name: "ModelFileTests",
      dependencies: [
        "Acoustics", "Inference", "Recognition", "ModelFile", "JSON", "Quantization",
        "TestSupport",
      ]),
    .testTarget(
      name: "QuantizationTests",
      dependencies: [
        "FixedPoint", "Acoustics", "Inference", "Recognition", "ModelFile", "JSON", "Affect",
        "Reference", "Evaluation", "Quantization", "TestSupport",
      ],
      swiftSettings: optimizedAlways),
    .testTarget(
      name: "EvaluationTests",
      dependencies: ["Evaluation", "Acoustics", "Quantization", "Recognition"]),
    .testTarget(name: "AffectTests", dependencies: ["Affect"]),
    .testTarget(
      name: "AnnouncementTests",
      dependencies: ["Acoustics", "Recognition", "Affect", "EventStream", "Announcement"]),
    .testTarget(
      name: "EventStreamTests",
      dependencies: ["Affect", "EventStream", "JSON", "SoundDevices", "TestSupport"]),
    .testTarget(name: "ThreadsTests", dependencies: ["Threads"]),
    .testTarget(name: "SoundDevicesTests", dependencies: ["SoundDevices", "TestSupport"]),
    .testTarget(
      name: "CaptureTests",
      dependencies: [
        "Capture", "EventStream", "Service", "SoundDevices", "TestSupport", "Threads", "edged",
      ]),
    .testTarget(
      name: "BenchmarkTests", dependencies: ["Acoustics", "Inference", "ModelFile", "Benchmark"]),
    .testTarget(name: "ServiceTests", dependencies: ["CLinux", "Service", "TestSupport"]),
    .testTarget(
      name: "SettingsTests",
      dependencies: ["Affect", "EventStream", "Settings", "TestSupport"]),
    .testTarget(
      name: "ProcessTests",
      dependencies: [
        "Affect", "EventStream", "JSON", "ModelFile", "Service", "SoundDevices", "TestSupport",
        "edged", "edgectl", "edgectl-tools",
      ],
      exclude: ["Help", "count_allocations.c"]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system && target.type != .test {
  target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
}

// What the daemon is made of does without regular expressions: one search for a string in a string would link their
// whole engine, which made it 1.3 MB larger.
let daemon = [
  "JSON", "ModelFile", "Affect", "SoundDevices", "Threads", "EventStream", "Announcement",
  "Capture", "Service", "Settings", "edged",
]
for target in package.targets where daemon.contains(target.name) {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])
    ]
}
