/// Finds which of many words occur in a text, looking at a part of its bytes only.
///
/// Wu and Manber's way: a window as wide as the shortest word is moved over the text, and the last three bytes in it
/// say how far it may jump without passing the end of a word's head. Hundreds of words make the jumps shorter, not
/// the answer other.
struct WordMatcher: Sendable {
    /// Shorter words are not looked for; a window over them could hardly jump.
    static let shortestWord = 4

    /// The words' bytes, one behind the other.
    private var letters: [UInt8] = []
    /// Where each word begins in ``letters``, and the end of the last.
    private var starts: [Int] = [0]
    /// The number the caller gave each word.
    private var numbers: [Int] = []
    private var window = Int.max
    /// How far to jump, by the hash of the window's last three bytes.
    private var jumps: [UInt8] = []
    /// The words whose head ends in bytes of that hash: `members[heads[hash]..<heads[hash + 1]]`.
    private var heads: [UInt16] = []
    private var members: [UInt16] = []

    /// - Parameter words: what to look for, with the number to tell when it is found; none is shorter than
    ///   ``shortestWord``, and there are fewer than 65 536.
    init(_ words: [(bytes: [UInt8], number: Int)]) {
        for word in words {
            precondition(word.bytes.count >= Self.shortestWord && words.count < Int(UInt16.max))
            letters += word.bytes
            starts.append(letters.count)
            numbers.append(word.number)
            window = min(window, word.bytes.count)
        }
        window = min(window, 64)
        guard !words.isEmpty else { return }
        jumps = [UInt8](repeating: UInt8(window - 2), count: Self.hashes)
        var buckets: [Int: [UInt16]] = [:]
        for (index, word) in words.enumerated() {
            for end in 2..<window {
                let hash = Self.hash(word.bytes[end - 2], word.bytes[end - 1], word.bytes[end])
                jumps[hash] = min(jumps[hash], UInt8(window - 1 - end))
                if end == window - 1 { buckets[hash, default: []].append(UInt16(index)) }
            }
        }
        heads.reserveCapacity(Self.hashes + 1)
        for hash in 0..<Self.hashes {
            heads.append(UInt16(members.count))
            members += buckets[hash] ?? []
        }
        heads.append(UInt16(members.count))
    }

    /// Tells the number of every word at every place where it occurs in the range, until `tell` answers false.
    ///
    /// - Returns: false when it was told to stop.
    @discardableResult
    func scan(_ text: Span<UInt8>, in range: Range<Int>, tell: (Int) -> Bool) -> Bool {
        guard !numbers.isEmpty, range.count >= window else { return true }
        precondition(range.lowerBound >= 0 && range.upperBound <= text.count)
        let width = window
        let raw = unsafe text.bytes
        return unsafe jumps.withUnsafeBufferPointer { jumps in
            // The index of the window's last byte. It is at least 3: no word is shorter than four bytes.
            var end = range.lowerBound + width - 1
            while end < range.upperBound {
                let four = unsafe raw.unsafeLoadUnaligned(fromUncheckedByteOffset: end - 3, as: UInt32.self)
                let hash = Self.hash(UInt32(littleEndian: four) >> 8)
                let jump = unsafe Int(jumps[hash])
                if jump > 0 {
                    end += jump
                    continue
                }
                let start = end - width + 1
                for place in Int(heads[hash])..<Int(heads[hash + 1]) {
                    let word = Int(members[place])
                    if occurs(word, at: start, in: text, before: range.upperBound), !tell(numbers[word]) {
                        return false
                    }
                }
                end += 1
            }
            return true
        }
    }

    private func occurs(_ word: Int, at start: Int, in text: Span<UInt8>, before limit: Int) -> Bool {
        let first = starts[word]
        let count = starts[word + 1] - first
        guard start + count <= limit else { return false }
        for offset in 0..<count where letters[first + offset] != text[start + offset] { return false }
        return true
    }

    private static let hashes = 1 << 14

    private static func hash(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Int {
        hash(UInt32(a) | UInt32(b) << 8 | UInt32(c) << 16)
    }

    /// Fourteen bits of three bytes.
    @inline(__always)
    private static func hash(_ three: UInt32) -> Int { Int((three &* 0x9E37_79B1) >> 18) }
}
