// swift-tools-version: 6.2
import PackageDescription

// One list of settings for every Swift target. `InternalImportsByDefault` makes each module say which
// of its imports are part of its API; the import walls themselves are checked by `scripts/check-walls`.
let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        // CI sets KIRIKAE_WERROR=1: warnings of our own targets are errors there.
    ] + (Context.environment["KIRIKAE_WERROR"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// Targets that call C mark every unsafe use, so that the border is visible in review.
let bordersC: [SwiftSetting] = strict + [.strictMemorySafety()]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let collections: Target.Dependency = .product(name: "HashTreeCollections", package: "swift-collections")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let flyingFox: Target.Dependency = .product(name: "FlyingFox", package: "FlyingFox")

let package = Package(
    name: "kirikae",
    products: [
        .executable(name: "kirikae", targets: ["kirikae"]),
        .executable(name: "kirikae-sim", targets: ["kirikae-sim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // System libraries, through pkg-config.
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Rooms, in the direction in which data flows.
        .target(name: "Manifests", dependencies: ["CLibYAML", "CZlib", crypto], swiftSettings: bordersC),
        // The facts stand in the text files; scripts/generate-catalog and generate-schemas put them into Swift literals.
        .target(
            name: "Catalog", dependencies: ["Manifests"],
            exclude: ["lifecycle.txt", "Facts/Data", "Schemas/schemas.txt"], swiftSettings: strict),
        .target(name: "Conversion", dependencies: ["Manifests", "Catalog"], swiftSettings: strict),
        .target(name: "HTTP", swiftSettings: strict),
        .target(name: "Programs", swiftSettings: strict),
        .target(name: "CurlTransport", dependencies: ["HTTP", "CLibCurl"], swiftSettings: bordersC),
        .target(name: "KubeAPI", dependencies: ["Manifests", "HTTP", "Programs"], swiftSettings: strict),
        .target(
            name: "Findings", dependencies: ["Manifests", "Catalog", "Conversion", "KubeAPI", x509, asn1],
            swiftSettings: strict),
        .target(name: "Routing", dependencies: ["Manifests", "HTTP", "KubeAPI", "Programs"], swiftSettings: strict),
        .target(
            name: "Planning", dependencies: ["Manifests", "Catalog", "Conversion", "Findings", "Routing"],
            swiftSettings: strict),
        .target(
            name: "Execution", dependencies: ["Manifests", "HTTP", "KubeAPI", "Planning", "Routing", crypto],
            swiftSettings: strict),
        .target(
            name: "SimCluster",
            dependencies: ["Manifests", "Catalog", "Conversion", "HTTP", "KubeAPI", collections],
            swiftSettings: strict),
        .target(
            name: "Rehearsal",
            dependencies: [
                "Manifests", "Catalog", "Conversion", "HTTP", "KubeAPI", "Findings", "Routing", "Planning",
                "Execution", "SimCluster",
            ],
            swiftSettings: strict),
        .target(
            name: "Reporting",
            dependencies: ["Manifests", "Findings", "Planning", "Execution", "Rehearsal"], swiftSettings: strict),

        // The tool, and the simulator behind a socket.
        .executableTarget(
            name: "kirikae",
            dependencies: [
                "Manifests", "Catalog", "Conversion", "HTTP", "CurlTransport", "KubeAPI", "Findings", "Programs",
                "Routing", "Planning", "Execution", "SimCluster", "Rehearsal", "Reporting", arguments, crypto,
                subprocess,
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "kirikae-sim",
            dependencies: ["SimCluster", "Manifests", "HTTP", "KubeAPI", flyingFox, arguments],
            swiftSettings: strict),

        .testTarget(name: "ManifestsTests", dependencies: ["Manifests"], swiftSettings: strict),
        .testTarget(name: "CatalogTests", dependencies: ["Catalog", "Manifests"], swiftSettings: strict),
        .testTarget(
            name: "ConversionTests", dependencies: ["Conversion", "Catalog", "Manifests"], swiftSettings: strict),
        .testTarget(
            name: "CurlTransportTests", dependencies: ["CurlTransport", "HTTP"], swiftSettings: strict),
        .testTarget(
            name: "KubeAPITests", dependencies: ["KubeAPI", "HTTP", "Manifests", "Programs"], swiftSettings: strict),
        .testTarget(
            name: "FindingsTests", dependencies: ["Findings", "Conversion", "Catalog", "Manifests", "KubeAPI", "HTTP"],
            swiftSettings: strict),
        // Calls real balancers through the tool's own programs and transport.
        .testTarget(
            name: "RoutingTests", dependencies: ["Routing", "Manifests", "HTTP", "Programs", "kirikae"],
            swiftSettings: strict),
        .testTarget(
            name: "PlanningTests",
            dependencies: ["Planning", "Findings", "Routing", "Catalog", "Conversion", "Manifests"],
            swiftSettings: strict),
        .testTarget(
            name: "ExecutionTests",
            dependencies: [
                "Execution", "Planning", "Findings", "Routing", "KubeAPI", "SimCluster", "Catalog", "Conversion",
                "HTTP", "Manifests",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SimClusterTests",
            dependencies: ["SimCluster", "KubeAPI", "HTTP", "Manifests", "Catalog"], swiftSettings: strict),
        .testTarget(
            name: "RehearsalTests",
            dependencies: [
                "Rehearsal", "Execution", "Planning", "Findings", "Routing", "SimCluster", "KubeAPI", "HTTP",
                "Catalog", "Conversion", "Manifests",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReportingTests",
            dependencies: ["Reporting", "Findings", "Planning", "Execution", "Catalog", "Manifests"],
            swiftSettings: strict),
        .testTarget(
            name: "KirikaeTests",
            dependencies: [
                "kirikae", "Execution", "Findings", "KubeAPI", "Manifests", "Programs", "Routing",
            ],
            swiftSettings: strict),
        // Drives the built binaries: kirikae, kirikae-sim, kubectl.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "kirikae", "kirikae-sim", "Manifests", "Planning", "Routing", "KubeAPI", "HTTP", "CurlTransport",
            ],
            swiftSettings: strict),
        // Figures of docs/benchmarks.md: swift build -c release --product ClientBenchmark
        .executableTarget(
            name: "ClientBenchmark", dependencies: ["CurlTransport", "HTTP", "KubeAPI", "Manifests", subprocess],
            path: "Benchmarks/ClientBenchmark", swiftSettings: strict),
        // One suite for every API server; `make conformance` adds the real ones.
        .testTarget(
            name: "ConformanceTests",
            dependencies: [
                "kirikae", "kirikae-sim", "CurlTransport", "HTTP", "KubeAPI", "Manifests", "Planning", "SimCluster",
                subprocess,
            ],
            swiftSettings: strict),
    ]
)
