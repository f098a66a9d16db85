import ArgumentParser
import Execution
import FoundationEssentials
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The key that seals before-images of Secrets and what goes to a mirror, on every command that works on a run.
struct ImageKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The key that seals before-images of Secrets: a file of 64 hexadecimal digits. "
                + "$KIRIKAE_IMAGE_KEY or image.key in the state directory otherwise.", valueName: "file"))
    var imageKeyFile: String?

    /// For a run that is to begin: the key that was given, else the state directory's own; and how to keep one that
    /// is new.
    func forNewRun(
        _ state: StateOptions
    ) throws -> (key: ImageKey?, keep: (@Sendable () throws(JournalError) -> Void)?) {
        if let given = try given() { return (given, nil) }
        let file = try Self.ownFile(state)
        if let own = try KeyFile.read(file, what: "image key") { return (ImageKey(own), nil) }
        let made = KeyFile.made()
        let keep: @Sendable () throws(JournalError) -> Void = { () throws(JournalError) in
            do {
                try KeyFile.keep(made, in: file, what: "image key")
            } catch { throw JournalError(.writeFailed, (error as? CommandFailure)?.message ?? "\(error)") }
        }
        return (ImageKey(made), keep)
    }

    /// For a run that was begun: as above, but none is made.
    ///
    /// Whether it is the run's own is the runner's to say.
    func forAnyRun(_ state: StateOptions) throws -> ImageKey? {
        if let given = try given() { return given }
        do { return try KeyFile.read(try Self.ownFile(state), what: "image key").flatMap { ImageKey($0) } } catch let
            failure as CommandFailure
        {
            // A way back may be at stake: whoever needs the key says so.
            Console().message("warning: \(failure.message)")
            return nil
        }
    }

    private func given() throws -> ImageKey? {
        if let imageKeyFile {
            guard let bytes = try KeyFile.read(imageKeyFile, what: "image key") else {
                throw CommandFailure(
                    .usage, "--image-key-file \(imageKeyFile): there is no such file",
                    next: "A new key: head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \\n' > FILE; chmod 600 FILE")
            }
            return ImageKey(bytes)
        }
        guard let text = ImageKeyVariable.value else { return nil }
        guard let key = KeyFile.key(text).flatMap({ ImageKey($0) }) else {
            throw CommandFailure(.usage, "\(ImageKeyVariable.name) does not hold a key of 64 hexadecimal digits")
        }
        return key
    }

    private static func ownFile(_ state: StateOptions) throws -> String {
        try StateDirectory.path(override: state.stateDir) + "/image.key"
    }
}

/// The environment's image key, taken out of the environment before any other program is started.
enum ImageKeyVariable {
    static let name = "KIRIKAE_IMAGE_KEY"
    private static let taken = Mutex<String?>(nil)

    /// What the variable held; nil when it was not set, or empty.
    static var value: String? { taken.withLock { $0 } }

    /// Reads the variable and unsets it, so that credential plugins, routing commands and hooks do not inherit it.
    static func take() {
        guard let text = getenv(name).map({ String(cString: $0) }) else { return }
        unsetenv(name)
        taken.withLock { $0 = text.isEmpty ? nil : text }
    }
}
