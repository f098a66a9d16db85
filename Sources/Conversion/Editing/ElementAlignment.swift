import Manifests

/// Which elements of a list stayed, and where others came or went.
struct ElementAlignment {
    /// Elements that correspond, by position before and after.
    private(set) var pairs: [(old: Int, new: Int)] = []
    private(set) var dropped: [Int] = []
    /// New elements, each behind an old one or, with nil, before all.
    private(set) var added: [(new: Int, after: Int?)] = []

    init(from old: [JSONValue], to new: [JSONValue]) {
        if old.count == new.count {
            pairs = old.indices.map { ($0, $0) }
            return
        }
        var head = 0
        while head < min(old.count, new.count), old[head] == new[head] { head += 1 }
        var tail = 0
        while tail < min(old.count, new.count) - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] {
            tail += 1
        }
        pairs = (0..<head).map { ($0, $0) }
        var (i, j) = (head, head)
        let (endOld, endNew) = (old.count - tail, new.count - tail)
        while i < endOld, j < endNew {
            if old[i] == new[j] {
                pairs.append((i, j))
                (i, j) = (i + 1, j + 1)
            } else if endOld - i > endNew - j, old[(i + 1)..<endOld].contains(new[j]) {
                dropped.append(i)
                i += 1
            } else if endNew - j > endOld - i, new[(j + 1)..<endNew].contains(old[i]) {
                added.append((j, i > 0 ? i - 1 : nil))
                j += 1
            } else {
                pairs.append((i, j))
                (i, j) = (i + 1, j + 1)
            }
        }
        dropped += i..<endOld
        for position in j..<endNew { added.append((position, endOld > 0 ? endOld - 1 : nil)) }
        pairs += (0..<tail).map { (endOld + $0, endNew + $0) }
    }
}
