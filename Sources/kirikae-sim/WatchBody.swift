import FlyingSocks

/// The body of a watch: pieces as they come, until the watch's time is over.
struct WatchBody: AsyncBufferedSequence {
    typealias Element = UInt8

    private let pieces: AsyncThrowingStream<[UInt8], any Error>

    /// Passes on the pieces of a stream, and ends after `timeout`.
    init(_ stream: AsyncThrowingStream<[UInt8], any Error>, timeout: Duration) {
        let (pieces, output) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
        self.pieces = pieces
        let forwarding = Task {
            do {
                for try await piece in stream { output.yield(piece) }
                output.finish()
            } catch {
                output.finish(throwing: error)
            }
        }
        let timing = Task {
            try? await Task.sleep(for: timeout)
            output.finish()
        }
        output.onTermination = { _ in
            forwarding.cancel()
            timing.cancel()
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(pieces: pieces.makeAsyncIterator()) }

    /// Hands out one piece at a time, so that every event leaves at once.
    struct Iterator: AsyncBufferedIteratorProtocol {
        fileprivate var pieces: AsyncThrowingStream<[UInt8], any Error>.Iterator
        private var current: ArraySlice<UInt8> = []

        fileprivate init(pieces: AsyncThrowingStream<[UInt8], any Error>.Iterator) { self.pieces = pieces }

        mutating func next() async throws -> UInt8? {
            if current.isEmpty { current = try await nextBuffer(suggested: 1)?[...] ?? [] }
            return current.popFirst()
        }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            while let piece = try await pieces.next(isolation: #isolation) {
                // An empty chunk would end the body.
                if !piece.isEmpty { return piece }
            }
            return nil
        }
    }
}
