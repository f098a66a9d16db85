import FoundationEssentials
import Glibc
import Testing

@testable import Routing

/// A folder of its own for one test, and the real servers that run in it; both gone with the last reference.
///
/// The servers also end when the test process dies: each runs under a shell that waits for the end of its input.
final class ServedFolder: @unchecked Sendable {
    let path: String
    private var servers: [(process: pid_t, input: Int32)] = []

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/kirikae-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        for server in servers {
            close(server.input)
            var status: Int32 = 0
            waitpid(server.process, &status, 0)
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String) throws {
        #expect(FileManager.default.createFile(atPath: "\(path)/\(name)", contents: Data(text.utf8)))
    }

    func read(_ name: String) throws -> String {
        String(decoding: try DurableFile.read("\(path)/\(name)"), as: UTF8.self)
    }

    /// Starts a server that stays in the foreground.
    func serve(_ words: [String]) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure("no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        for output in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(
                &actions, output, "\(path)/server.log", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        let script = #"exec 3<&0; "$@" </dev/null 3<&- & p=$!; cat <&3 >/dev/null; kill -TERM $p; wait $p"#
        var arguments: [UnsafeMutablePointer<CChar>?] =
            (["sh", "-c", script, "sh"] + words).map { strdup($0) } + [nil]
        var process: pid_t = 0
        let result = posix_spawn(&process, "/bin/sh", &actions, nil, &arguments, environ)
        for pointer in arguments { free(pointer) }
        posix_spawn_file_actions_destroy(&actions)
        close(ends[0])
        guard result == 0 else { throw Failure("\(words) cannot be started") }
        servers.append((process, ends[1]))
    }

    /// The last server's end, and whether it came.
    func stopServer() {
        guard let server = servers.popLast() else { return }
        close(server.input)
        var status: Int32 = 0
        waitpid(server.process, &status, 0)
    }

    /// Waits until it comes true.
    func wait(for what: String, _ condition: () async throws -> Bool) async throws {
        for _ in 0..<600 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw Failure("\(what) did not come: \((try? read("server.log")) ?? "")")
    }

    /// A port that was free a moment ago.
    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard bound else { throw Failure("no port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// What went wrong with the bench itself.
    struct Failure: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }
}

/// The real servers, where they are installed.
enum Installed {
    static let haproxy = program("haproxy")
    static let nginx = program("nginx")

    private static func program(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return (path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin"])
            .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
