import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where runs, their journals and keys are kept.
enum StateDirectory {
    /// `$KIRIKAE_STATE_DIR`, else `$XDG_STATE_HOME/kirikae`, else `~/.local/state/kirikae`; `override` wins over all.
    static func path(override: String? = nil) throws -> String {
        if let override { return override }
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["KIRIKAE_STATE_DIR"], !path.isEmpty { return path }
        if let path = environment["XDG_STATE_HOME"], !path.isEmpty { return path + "/kirikae" }
        guard let home = environment["HOME"], !home.isEmpty else {
            throw CommandFailure(
                .usage, "there is no place for the journal: neither KIRIKAE_STATE_DIR nor HOME is set",
                next: "export KIRIKAE_STATE_DIR=/a/folder/that/stays")
        }
        return home + "/.local/state/kirikae"
    }

    /// Makes the folder, readable by its owner only, and says why where that fails.
    static func make(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            let system = (error as? CocoaError)?.underlying as? POSIXError
            let reason = system.map { String(cString: strerror($0.code.rawValue)) } ?? "\(error)"
            throw CommandFailure(.usage, "cannot make the folder \(path): \(reason)")
        }
    }
}
