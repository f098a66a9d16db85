import ArgumentParser
import Execution
import FoundationEssentials
import Manifests
import Planning

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Going on with a run whose machine is lost, from its mirror.
struct FromStoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take the run in from its mirror first: a folder, or secret:CONTEXT/NAMESPACE. Needs the run's image key.",
            valueName: "store"))
    var fromStore: String?

    /// Takes the run in where a store is named, and gives the mirror that the run goes on with.
    ///
    /// What is here already stays when it is as new; an older journal is kept aside. A journal that went another way
    /// is refused: only a person can tell which of the two is the truth.
    func fetch(
        _ chosen: inout RunArgument, into store: FileRunStore, state: StateOptions, key: ImageKeyOptions,
        pair: PairOptions? = nil
    ) async throws -> String? {
        guard let fromStore else { return nil }
        let location = try MirrorLocation(fromStore)
        guard let key = try key.forAnyRun(state) else {
            throw CommandFailure(
                .usage, "\(location) is sealed, and there is no key",
                next: "Name the run's key with --image-key-file, or put it into \(ImageKeyVariable.name).")
        }
        do {
            let mirror = try location.store(kubeconfig: pair?.kubeconfig)
            let run = try await Self.run(chosen.run, in: mirror)
            chosen.run = run
            var mirrored = try await MirroredRun(run, from: mirror, key: key)
            let digestKey = mirrored.files.files.removeValue(forKey: Self.digestKeyName)
            try Self.repair(&mirrored.files)
            let document: PlanDocument
            do { document = try PlanDocument.read(mirrored.files, from: "\(location) (\(run))") } catch {
                throw CommandFailure(.journalFailed, "\(error)")
            }
            try StateDirectory.make(store.root)
            let lock = try store.lock(migration: document.plan.name, holder: Operator.name)
            defer { lock.release() }
            guard try Self.isNewer(mirrored, than: store) else { return location.description }
            let doubtful = try mirrored.restore(
                into: store, document, at: SystemClock().wallMilliseconds, actor: Operator.name)
            if let digestKey { try Self.keep(digestKey, in: store.root) }
            Console().message(
                "run \(run): \(mirrored.contents.records.count) records taken in from \(location)"
                    + (doubtful == 0 ? "" : "; \(doubtful) creations may have been begun since and are looked at"))
            return location.description
        } catch let error as JournalError {
            throw RunFailure.failure(error)
        } catch let error as MirrorError {
            throw Self.failure(error)
        }
    }

    /// The name under which a mirror holds the key of the digests.
    static let digestKeyName = "digest.key"

    private static func run(_ name: String?, in mirror: any MirrorStore) async throws -> String {
        if let name { return name }
        let runs = try await mirror.runs()
        guard let only = runs.first, runs.count == 1 else {
            throw CommandFailure(
                .usage,
                runs.isEmpty
                    ? "\(mirror.place) holds no runs" : "\(mirror.place) holds \(runs.joined(separator: ", "))",
                next: runs.isEmpty ? nil : "Name the one you mean.")
        }
        return only
    }

    /// Whether the mirror holds more of the run than the store does.
    private static func isNewer(_ mirrored: MirroredRun, than store: FileRunStore) throws -> Bool {
        let here: JournalContents
        do throws(JournalError) { here = try store.read(mirrored.run) } catch {
            // Missing, or damaged: the mirror's is whole.
            return true
        }
        let there = mirrored.contents
        if here.records.contains(where: { $0.hash == there.head }) { return false }
        if let head = here.head, there.records.contains(where: { $0.hash == head }) { return true }
        throw CommandFailure(
            .refused,
            "run \(mirrored.run) went two ways: here up to record \(here.records.count - 1) "
                + "(\(here.head?.short ?? "none")), at \(mirrored.place) up to \(there.records.count - 1) "
                + "(\(there.head?.short ?? "none"))",
            next: "kirikae lock show says which head the clusters know. To go on with the mirror's, move "
                + "\(store.folder(of: mirrored.run)) away.")
    }

    /// What the lost machine had and this one has not.
    private static func repair(_ files: inout PlanFiles) throws {
        guard var origin = try? PlanFolder.origin(in: files) else { return }
        if let path = origin.kubeconfig, !FileManager.default.fileExists(atPath: path) { origin.kubeconfig = nil }
        if !FileManager.default.fileExists(atPath: origin.folder) {
            Console().message(
                "warning: the plan's folder \(origin.folder) is not here; relative paths of routes count from it")
        }
        files.files[PlanFolder.originName] = try PlanCoding.json(origin).canonicalBytes
    }

    private static func keep(_ digestKey: [UInt8], in folder: String) throws {
        let file = folder + "/digest.key"
        if FileManager.default.fileExists(atPath: file) { return }
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure(.usage, "cannot write the digest key to \(file)") }
        defer { close(descriptor) }
        let written = digestKey.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == digestKey.count else {
            throw CommandFailure(.usage, "cannot write the digest key to \(file)")
        }
    }

    private static func failure(_ error: MirrorError) -> CommandFailure {
        switch error.code {
        case .unreachable: CommandFailure(.unreachable, error.message)
        case .noSuchRun, .refused: CommandFailure(.usage, error.message)
        case .sealed: CommandFailure(.refused, error.message)
        case .damaged, .ahead, .unknownFormat: CommandFailure(.journalFailed, error.message)
        }
    }
}
