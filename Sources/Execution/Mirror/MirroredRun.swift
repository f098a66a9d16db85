import Manifests
import Planning

/// What a mirror holds of one run, read whole and verified.
public struct MirroredRun: Sendable {
    public let run: String
    /// Where it was read from.
    public let place: String
    /// The plan as the run was begun with it, and what else was kept beside it.
    public var files: PlanFiles
    public let contents: JournalContents
    let journal: [UInt8]
    let images: [Digest: [UInt8]]

    /// Reads a run.
    ///
    /// Throws `noSuchRun` with what there is, `sealed` for another key, and `damaged` when a piece is missing or was
    /// changed: half a journal is never given out.
    public init(_ run: String, from store: any MirrorStore, key: ImageKey) async throws(MirrorError) {
        guard let bytes = try await store.get(MirrorIndex.blob, of: run) else {
            let runs = try await store.runs()
            throw MirrorError(
                .noSuchRun,
                "\(store.place) holds nothing of run \(run); it holds: "
                    + (runs.isEmpty ? "nothing" : runs.joined(separator: ", ")))
        }
        let index = try MirrorIndex(bytes, of: run, at: store.place, key)
        var journal: [UInt8] = []
        var images: [Digest: [UInt8]] = [:]
        var files: [String: [UInt8]] = [:]
        for (number, name) in index.segments.enumerated() {
            guard let bytes = try await store.get(name, of: run) else {
                throw MirrorError(.damaged, "\(store.place): \(name) of run \(run) is missing")
            }
            let segment = try MirrorSegment(bytes, number, of: run, at: store.place, key)
            journal += segment.journal
            images.merge(segment.images) { first, _ in first }
            files.merge(segment.files) { _, later in later }
        }
        let contents: JournalContents
        do throws(JournalError) { contents = try JournalContents(reading: journal) } catch {
            throw MirrorError(
                error.code == .unknownFormat ? .unknownFormat : .damaged, "\(store.place): run \(run): \(error)")
        }
        guard journal.count == index.length, contents.torn == nil, contents.records.count == index.records,
            contents.head == index.head
        else {
            throw MirrorError(.damaged, "\(store.place): the journal of run \(run) is not the one its index names")
        }
        self.run = run
        self.place = store.place
        self.files = PlanFiles(files)
        self.contents = contents
        self.journal = journal
        self.images = images
    }

    /// Puts the run into a store of runs, whole or not at all, ready to go on.
    ///
    /// Behind the mirror's last record objects may have been created that it knows nothing of: everything else is
    /// mirrored before it is done (``PlannedOperation/isMirroredFirst(merged:)``). They become intents in doubt, so that
    /// going on looks for each, and going back takes it away.
    ///
    /// - Returns: how many operations are in doubt for that reason.
    @discardableResult
    public func restore(
        into store: any RunStore, _ document: PlanDocument, at wall: Int64, actor: String
    ) throws(JournalError) -> Int {
        guard var state = RunState(contents.records) else {
            throw JournalError(.corrupt, "the journal of run \(run) does not begin with run.begin")
        }
        let doubtful = Self.doubtful(document, contents.records, state)
        var bytes = journal
        func append(_ entry: JournalEntry) {
            let record = JournalRecord(
                sequence: state.nextSequence, previous: state.head,
                moment: Moment(wall: wall, monotonic: state.last.monotonic), run: run, epoch: state.epoch,
                actor: actor, entry: entry)
            bytes += record.line + [UInt8(ascii: "\n")]
            state.apply(record)
        }
        append(.restored(from: place, records: contents.records.count, doubtful: doubtful.count))
        var images = images
        let absent = Digest(of: ApplyStep.absent)
        images[absent] = ApplyStep.absent.canonicalBytes
        for operation in doubtful {
            guard let digest = try? operation.step.digest else {
                throw JournalError(.unreadable, "step \(operation.step.id) cannot be written as JSON")
            }
            let key = StepKey(run: run, step: operation.step.id, pass: state.pass).description
            append(
                .stepIntent(operation, pass: state.pass, key: key, image: absent, stepDigest: digest, seen: nil))
        }
        try store.adopt(run, journal: bytes, images: images, plan: files)
        return doubtful.count
    }

    /// The creations that may have been begun behind the last mirrored record.
    static func doubtful(
        _ document: PlanDocument, _ records: [JournalRecord], _ state: RunState
    ) -> [PlannedOperation] {
        // Nothing was begun yet, or every later step of the process would have been mirrored first.
        guard state.rollback == nil, state.phase != .created, !state.phase.isTerminal else { return [] }
        // A process that ended in good order told the mirror so, and the next one tells it before its first effect.
        let ends: Set<RecordType> = [.runPause, .runHalted, .runInterrupt, .lockLost]
        if let last = records.last(where: { $0.entry.type != .note }), ends.contains(last.entry.type) { return [] }
        let merged = document.merged
        var found: [PlannedOperation] = []
        for operation in PlannedOperation.all(of: document.plan) {
            let known = state.operations[operation.id]
            if known?.isDone == true { continue }
            if case .checkpoint = operation.step.action { break }
            guard operation.step.action.hasEffect else { continue }
            if operation.isMirroredFirst(merged: merged) { break }
            if known?.mayHaveEffect != true { found.append(operation) }
        }
        return found
    }
}

extension PlannedOperation {
    /// Whether the mirror must hold its intent before it is carried out.
    ///
    /// True for whatever the plan and the mark on an object would not suffice to take back: all but the creation of
    /// objects. So users never depend on what only one machine knows.
    func isMirroredFirst(merged: Set<ObjectReference>) -> Bool {
        guard case .apply = step.action, let object = id.object else { return step.action.hasEffect }
        return step.undoPhase != .reverse || merged.contains(object)
    }
}
