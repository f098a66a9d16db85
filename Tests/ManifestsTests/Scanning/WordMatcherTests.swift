import Testing

@testable import Manifests

@Suite("Looking for words in bytes")
struct WordMatcherTests {
    private func found(_ words: [String], in text: String) -> Set<String> {
        let matcher = WordMatcher(words.enumerated().map { (bytes: Array($1.utf8), number: $0) })
        var found: Set<String> = []
        let bytes = Array(text.utf8)
        matcher.scan(bytes.span, in: 0..<bytes.count) { word in
            found.insert(words[word])
            return true
        }
        return found
    }

    @Test("finds every word that is there, at the edges and overlapping, and no other")
    func finds() {
        #expect(found(["extensions/v1beta1"], in: "apiVersion: extensions/v1beta1") == ["extensions/v1beta1"])
        #expect(found(["abcd"], in: "abcd") == ["abcd"])
        #expect(found(["abcd"], in: "abc") == [])
        #expect(found(["abcd", "abcde", "bcde", "cdef"], in: "abcdef") == ["abcd", "abcde", "bcde", "cdef"])
        #expect(found(["aaaa", "aaaaab"], in: "aaaaaaab") == ["aaaa", "aaaaab"])
        #expect(found([], in: "abcd") == [])
    }

    @Test("agrees with the plain way over generated words and texts", arguments: 0..<40)
    func agrees(seed: Int) {
        var generator = SeededRandom(seed: UInt64(seed))
        // Few letters, so that words overlap and nearly match.
        let letters = Array("abc/".prefix(2 + Int(generator.next() % 3)))
        func text(_ count: Int) -> String {
            String((0..<count).map { _ in letters[Int(generator.next() % UInt64(letters.count))] })
        }
        let words = Array(Set((0..<(1 + seed * 3)).map { _ in text(4 + Int(generator.next() % 9)) })).sorted()
        for _ in 0..<20 {
            let text = text(Int(generator.next() % 200))
            #expect(found(words, in: text) == Set(words.filter { text.contains($0) }))
        }
    }
}
