// swift-tools-version:6.2
import Foundation
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
  .strictMemorySafety(),
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

// ISA-L inflates five times as fast as zlib; where it is not installed, or INV_WITHOUT_ISAL is set,
// zlib does the work.
let isal =
  ProcessInfo.processInfo.environment["INV_WITHOUT_ISAL"] == nil
  && FileManager.default.fileExists(atPath: "/usr/include/isa-l/igzip_lib.h")

// Each line may use only what stands above it.
let libraries: KeyValuePairs<String, [String]> = [
  "InvSystem": ["CLinux"],
  "InvBytes": [],
  "InvText": ["InvBytes"],
  "InvCompress": [
    "InvSystem", "InvBytes", "CZlib", "CZstd", "CLzma", "CSnappy", "CLz4", "CBrotli",
  ] + (isal ? ["CIsal"] : []),
  "InvDigest": ["InvSystem", "CCrypto"],
  "InvFormat": ["InvSystem", "InvBytes", "InvText", "InvCompress", "CPrefetch"],
  "InvSource": ["InvSystem", "InvBytes", "InvText", "InvCompress", "InvDigest", "InvFormat"],
  "InvSort": ["InvSystem", "InvBytes", "InvFormat", "CPrefetch"],
  "InvAnswer": ["InvSystem", "InvBytes", "InvText", "InvFormat"],
  "InvNet": ["InvSystem", "InvBytes", "InvText", "InvDigest", "CCurl"],
  "InvCLI": ["InvSystem", "InvText"],
  "InvAccess": [
    "InvSystem", "InvBytes", "InvText", "InvDigest", "InvFormat", "InvSource", "InvNet", "InvCLI",
  ],
]
let tools: KeyValuePairs<String, [String]> = [
  "inv-fetch": [
    "InvCLI", "InvSystem", "InvText", "InvDigest", "InvFormat", "InvSource", "InvNet", "InvAccess",
  ],
  "inv-list": [
    "InvCLI", "InvSystem", "InvBytes", "InvText", "InvFormat", "InvSource", "InvNet", "InvAccess",
  ],
  "inv-parse": [
    "InvCLI", "InvSystem", "InvBytes", "InvText", "InvCompress", "InvFormat", "InvSource",
  ],
  "inv-agg": ["InvCLI", "InvSystem", "InvFormat", "InvSort"],
  "inv-merge": ["InvCLI", "InvSystem", "InvFormat", "InvSort"],
  "inv-build": [
    "InvCLI", "InvSystem", "InvBytes", "InvText", "InvDigest", "InvFormat", "InvSource", "InvSort",
    "InvNet", "InvAccess",
  ],
  "inv-mkindex": ["InvCLI", "InvSystem", "InvFormat"],
  "inv-query": ["InvCLI", "InvSystem", "InvBytes", "InvText", "InvFormat", "InvAnswer"],
  "inv-cat": ["InvCLI", "InvSystem", "InvFormat"],
  "inv-check": ["InvCLI", "InvSystem", "InvFormat"],
]

// The fuzzers have no main of their own: Fuzz/run builds them, one at a time, and the sanitizer adds it.
let fuzzers =
  ProcessInfo.processInfo.environment["INV_FUZZ"] == nil
  ? []
  : try FileManager.default.contentsOfDirectory(atPath: "\(Context.packageDirectory)/Fuzz")
    .filter { $0.hasPrefix("fuzz-") }
// So do the programs that only `make bench` runs.
let benches =
  ProcessInfo.processInfo.environment["INV_BENCH"] == nil
  ? [] : ["bench-lookup", "bench-columns"]
func needs(_ names: [String]) -> [Target.Dependency] { names.map { .init(stringLiteral: $0) } }

let package = Package(
  name: "inv",
  targets: [
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CLzma", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
    .systemLibrary(name: "CIsal", providers: [.apt(["libisal-dev"])]),
    .systemLibrary(name: "CSnappy", providers: [.apt(["libsnappy-dev"])]),
    .systemLibrary(name: "CLz4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(
      name: "CBrotli", pkgConfig: "libbrotlidec", providers: [.apt(["libbrotli-dev"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CPrefetch"),
  ]
    + libraries.map { .target(name: $0, dependencies: needs($1), swiftSettings: settings) }
    + tools.map { .executableTarget(name: $0, dependencies: needs($1), swiftSettings: settings) }
    + fuzzers.map {
      .executableTarget(
        name: $0, dependencies: needs(libraries.map(\.key)), path: "Fuzz/\($0)",
        swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
    }
    + benches.map {
      .executableTarget(
        name: $0, dependencies: needs(["InvSystem", "InvBytes", "InvFormat", "InvSource"]),
        path: "Bench/\($0)",
        swiftSettings: [.unsafeFlags(["-cross-module-optimization"])])
    }
    + [.target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings)]
    + libraries.map {
      .testTarget(
        name: $0 + "Tests", dependencies: needs([$0, "TestSupport"] + $1), swiftSettings: settings)
    }
    + [
      .testTarget(
        name: "ToolTests",
        dependencies: needs(["InvCLI", "InvSystem", "InvSource"] + tools.map(\.key)),
        swiftSettings: settings)
    ],
  swiftLanguageModes: [.v6]
)
