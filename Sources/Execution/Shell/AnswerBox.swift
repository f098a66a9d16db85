import Synchronization

/// Where calls that go on at once put their answers, and one reader takes them.
final class AnswerBox: Sendable {
    /// What came of one call.
    struct Answer: Sendable {
        private var kind: Event.Kind?
        private var failure: JournalError?

        init(_ kind: Event.Kind) { self.kind = kind }
        /// The journal's folder could not be read or written.
        init(_ failure: JournalError) { self.failure = failure }

        /// The event, or why the run cannot go on.
        func get() throws(JournalError) -> Event.Kind {
            if let failure { throw failure }
            return kind ?? .woke
        }
    }

    private struct State {
        var answers: [Answer] = []
        var reader: CheckedContinuation<[Answer], Never>?
    }

    private let state = Mutex(State())

    func put(_ answer: Answer) {
        let reader = state.withLock { state -> CheckedContinuation<[Answer], Never>? in
            guard let reader = state.reader else {
                state.answers.append(answer)
                return nil
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: [answer])
    }

    /// All answers that are there, in the order in which they came; waits for the first when there is none.
    func take() async -> [Answer] {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state -> [Answer]? in
                guard state.answers.isEmpty else {
                    defer { state.answers = [] }
                    return state.answers
                }
                state.reader = continuation
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }
}
