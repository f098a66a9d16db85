import FoundationEssentials
import Glibc
import Manifests
import Testing

/// `kirikae check` over more than was written for it, and over what it may not read.
@Suite("kirikae check, as a program")
struct CheckTests {
    /// Public manifests beside the project; a user's clone does not have them.
    static let corpus = Tools.project + "/../shared/corpus"

    @Test(
        "Every file of the corpus is read, skipped with a reason, or an error with its place",
        .enabled(if: FileManager.default.fileExists(atPath: corpus), "no ../shared/corpus here"))
    func everyFile() async throws {
        let folder = try Folder()
        let exit = try await Program(
            Tools.kirikae, ["check", Self.corpus, "--to", "1.36", "-o", "json"],
            environment: ["HOME": folder.path], folder: folder.path, label: "check"
        ).end()
        #expect([1, 3].contains(exit.code), "\(exit.error)")
        let result = try JSONValue(parsing: Array(exit.output.utf8))
        let skipped = try #require(result["skipped"]?.array)
        let errors = try #require(result["errors"]?.array)
        #expect(skipped.allSatisfy { $0["reason"]?.string?.isEmpty == false && $0["path"]?.string != nil })
        for error in errors {
            let place = error["location"]
            #expect(place?["file"]?.string != nil && place?["line"]?.integer ?? 0 > 0, "\(error)")
            #expect(place?["column"]?.integer ?? 0 > 0, "\(error)")
        }
        // Counted by ourselves: all files but those in folders that are skipped as a whole.
        let closed = skipped.filter { $0["scope"]?.string == "directory" }.compactMap { $0["path"]?.string }
        let files = try FileManager.default.subpathsOfDirectory(atPath: Self.corpus).map { "\(Self.corpus)/\($0)" }
            .filter { path in
                var isDirectory = false
                return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory
                    && !closed.contains { path.hasPrefix($0 + "/") }
            }
        let counts = try #require(result["accounting"])
        let number = { (name: String) in Int(counts[name]?.integer ?? -1) }
        #expect(number("filesSeen") == files.count)
        #expect(number("filesRead") + number("filesSkipped") + number("filesFailed") == files.count)
        #expect(number("errors") == errors.count)
        #expect(number("filesSkipped") == skipped.filter { $0["scope"]?.string != "directory" }.count)
    }

    @Test("A folder that may not be read never ends with 0")
    func unreadable() async throws {
        let folder = try Folder()
        let manifests = "\(folder.path)/manifests"
        try Files.makeFolder("\(manifests)/closed")
        try Files.write("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", to: "\(manifests)/a.yaml")
        // Root reads everything: nobody is who is asked then, and needs a program that is not in root's home.
        let program = "\(folder.path)/kirikae"
        // By another process: a file that this one has open for writing cannot be started, nor while a child that is
        // being started inherits it.
        let copy = try Program("/bin/cp", [Tools.kirikae, program], environment: [:], folder: folder.path, label: "cp")
        #expect(try await copy.end().code == 0)
        for path in [folder.path, manifests, program] { chmod(path, 0o755) }
        chmod("\(manifests)/a.yaml", 0o644)
        chmod("\(manifests)/closed", 0)
        defer { chmod("\(manifests)/closed", 0o755) }
        let asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups", program]
        let isRoot = geteuid() == 0
        let exit = try await Program(
            isRoot ? "/usr/bin/setpriv" : program, (isRoot ? asNobody : []) + ["check", manifests, "--to", "1.36"],
            environment: ["HOME": folder.path], folder: folder.path, label: "check"
        ).end()
        #expect(exit.code == 3, "\(exit)")
        #expect((exit.output + exit.error).contains("\(manifests)/closed"), "\(exit)")
    }
}
