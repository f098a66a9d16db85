import Glibc
import Synchronization

/// `fixtures/http/server.py` on loopback, for the length of one test.
///
/// It ends when its standard input does, so it ends with the test process too, however that ends.
final class LocalServer: Sendable {
    /// The ports by name.
    let ports: [String: Int]
    private let process: pid_t
    private let input: Int32

    /// What every test here needs: python3 and, for certificates, openssl.
    static let isPossible = Program.find("python3") != nil && Program.find("openssl") != nil

    /// Starts one listener per name: `-` without TLS, or `certificate:key[:client authority]`.
    init(_ listeners: [(name: String, files: String)] = [("plain", "-")]) throws {
        let python = try Program.path("python3")
        let child = try Program.spawn(
            [python, Program.fixture("http/server.py")] + listeners.map { "\($0.name)=\($0.files)" })
        process = child.process
        input = child.input
        defer { close(child.output) }
        var ports: [String: Int] = [:]
        while let line = Program.line(child.output), line != "ready" {
            let words = line.split(separator: " ")
            if words.count == 2 { ports[String(words[0])] = Int(words[1]) }
        }
        self.ports = ports
        guard ports.count == listeners.count else { throw Program.Failure(message: "the server did not come up") }
    }

    deinit {
        close(input)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    func url(_ name: String = "plain", host: String = "127.0.0.1") -> String {
        "\(name == "plain" ? "http" : "https")://\(host):\(ports[name] ?? 0)"
    }
}

/// A port of loopback on which nobody listens.
func closedPort() -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
            _ = bind(descriptor, pointer, length)
            _ = getsockname(descriptor, pointer, &length)
        }
    }
    return Int(UInt16(bigEndian: address.sin_port))
}

/// Other programs, run for tests.
enum Program {
    struct Failure: Error {
        let message: String
    }

    static func find(_ name: String) -> String? {
        // Servers are often not in a user's PATH.
        let directories = (getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin") + ":/usr/sbin"
        return directories.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    static func path(_ name: String) throws -> String {
        guard let path = find(name) else { throw Failure(message: "no \(name) in PATH") }
        return path
    }

    /// A file below `fixtures/`.
    static func fixture(_ name: String) -> String {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/") + "/fixtures/" + name
    }

    // One at a time: between a pipe's making and its being marked close-on-exec, another child would inherit it, and a
    // child that holds the writing end of another's input keeps that one alive.
    private static let spawning = Mutex(())

    static func spawn(_ arguments: [String]) throws -> (process: pid_t, input: Int32, output: Int32) {
        try spawning.withLock { _ in try spawnAlone(arguments) }
    }

    private static func spawnAlone(_ arguments: [String]) throws -> (process: pid_t, input: Int32, output: Int32) {
        var input: [Int32] = [0, 0]
        var output: [Int32] = [0, 0]
        guard pipe(&input) == 0, pipe(&output) == 0 else { throw Failure(message: "no pipe") }
        for descriptor in input + output { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input[0], 0)
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        // Worker threads of the runtime block signals, and a child would inherit that and not end when asked to.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var process = pid_t()
        var words = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        let code = posix_spawn(&process, arguments[0], &actions, &attributes, &words, environ)
        close(input[0])
        close(output[1])
        guard code == 0 else { throw Failure(message: "\(arguments[0]) could not be started (\(code))") }
        return (process, input[1], output[0])
    }

    /// Runs to the end; throws unless it ends well.
    static func run(_ arguments: [String]) throws {
        let child = try spawn(arguments)
        close(child.input)
        while line(child.output) != nil {}
        close(child.output)
        var status: Int32 = 0
        waitpid(child.process, &status, 0)
        guard status == 0 else { throw Failure(message: "\(arguments.joined(separator: " ")) failed (\(status))") }
    }

    /// The next line of a pipe; nil at its end.
    static func line(_ descriptor: Int32) -> String? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// All of a file.
    static func bytes(of path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(message: "\(path) cannot be opened") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
    }
}

/// The certificates of `fixtures/http/certificates.sh`, made anew and removed afterwards.
final class Certificates: Sendable {
    let directory: String

    init() throws {
        var template = Array("/tmp/kirikae-certificates-XXXXXX\0".utf8CString.dropLast())
        guard let made = mkdtemp(&template) else { throw Program.Failure(message: "no temporary directory") }
        directory = String(cString: made)
        try Program.run(["/bin/sh", Program.fixture("http/certificates.sh"), directory])
    }

    deinit { try? Program.run(["/bin/rm", "-rf", directory]) }

    func bytes(_ name: String) throws -> [UInt8] { try Program.bytes(of: "\(directory)/\(name)") }

    /// What a listener of ``LocalServer`` takes.
    func listener(_ name: String, clientAuthority: String? = nil) -> String {
        let authority = clientAuthority.map { ":\(directory)/\($0).crt" } ?? ""
        return "\(directory)/\(name).crt:\(directory)/\(name).key\(authority)"
    }
}
