import FoundationEssentials

/// Where the programs under test and their counterparts are.
enum Tools {
    /// The project's folder.
    static let project = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" }

    /// The built tool.
    static let kirikae = products + "/kirikae"
    /// The built simulator.
    static let simulator = products + "/kirikae-sim"

    /// The kubectls that are here: the one of PATH, and Debian's own, which is much older.
    static let kubectls: [String] = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let inPath = path.split(separator: ":").map { "\($0)/kubectl" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        let debian = "\(project)/.build/debian-kubectl/usr/bin/kubectl"
        return [inPath, FileManager.default.isExecutableFile(atPath: debian) ? debian : nil].compactMap(\.self)
    }()

    /// Where the test bundle lies, and the programs beside it.
    private static let products: String = {
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") && $0.contains("/") }
        let folder = bundle.map { $0.split(separator: "/", omittingEmptySubsequences: false).dropLast() }
        let candidate = folder?.joined(separator: "/") ?? ""
        return FileManager.default.isExecutableFile(atPath: candidate + "/kirikae")
            ? candidate : "\(project)/.build/debug"
    }()
}
