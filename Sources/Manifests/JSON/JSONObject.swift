/// The members of a JSON object, kept sorted by the UTF-8 bytes of their names.
///
/// Invariant: names are unique and ascend. Iteration order is therefore the same in every process, which
/// digests, journals and simulations rest on; a hash table would iterate differently on each start.
/// Kubernetes objects are small maps, so look-up by binary search costs less than hashing.
public struct JSONObject: Sendable, Hashable {
    /// One name with its value.
    public typealias Member = (key: String, value: JSONValue)

    private var names: [String]
    private var contents: [JSONValue]

    /// An object without members.
    public init() {
        names = []
        contents = []
    }

    /// Takes members in any order.
    ///
    /// Where a name occurs twice the last one wins, as in Go's decoder; readers that must refuse duplicates do so
    /// before they come here.
    public init(_ members: some Collection<Member>) {
        self.init()
        names.reserveCapacity(members.count)
        contents.reserveCapacity(members.count)
        for member in members {
            names.append(member.key)
            contents.append(member.value)
        }
        sortKeepingLast()
    }

    /// Takes the members of a reader: `order` is what ``order(of:)`` gave for the names, and no name occurs twice.
    init(uniqueNames: [String], contents: [JSONValue], order: [Int]?) {
        if let order {
            names = order.map { uniqueNames[$0] }
            self.contents = order.map { contents[$0] }
        } else {
            names = uniqueNames
            self.contents = contents
        }
    }

    /// The indices of the names in ascending order, equal names by their index; nil when they ascend already.
    static func order(of names: [String]) -> [Int]? {
        var next = 1
        while next < names.count, names[next - 1].utf8Precedes(names[next]) { next += 1 }
        if next >= names.count { return nil }
        return names.indices.sorted { a, b in
            if names[a].utf8Precedes(names[b]) { return true }
            return a < b && names[a].utf8Equals(names[b])
        }
    }

    /// The index of the first name that stands before already; `order` as ``order(of:)`` gave it.
    static func duplicate(in names: [String], order: [Int]?) -> Int? {
        guard let order else { return nil }
        return zip(order, order.dropFirst()).filter { names[$0].utf8Equals(names[$1]) }.map(\.1).min()
    }

    /// The value under `name`.
    ///
    /// Setting nil removes the member.
    public subscript(name: String) -> JSONValue? {
        get {
            let (index, found) = position(of: name)
            return found ? contents[index] : nil
        }
        set {
            let (index, found) = position(of: name)
            switch (found, newValue) {
            case (true, .some(let value)): contents[index] = value
            case (true, .none):
                names.remove(at: index)
                contents.remove(at: index)
            case (false, .some(let value)):
                names.insert(name, at: index)
                contents.insert(value, at: index)
            case (false, .none): break
            }
        }
        _modify {
            let (index, found) = position(of: name)
            if found {
                // The value is moved out while it is changed, so that nested edits do not copy it.
                var value: JSONValue? = contents[index]
                contents[index] = .null
                defer {
                    if let value {
                        contents[index] = value
                    } else {
                        names.remove(at: index)
                        contents.remove(at: index)
                    }
                }
                yield &value
            } else {
                var value: JSONValue?
                defer {
                    if let value {
                        names.insert(name, at: index)
                        contents.insert(value, at: index)
                    }
                }
                yield &value
            }
        }
    }

    /// The names in ascending order of their UTF-8 bytes.
    public var keys: [String] { names }
    /// The values in the order of `keys`.
    public var values: [JSONValue] { contents }

    /// The place of `name` among the members, or nil when it is not one.
    public func index(of name: String) -> Int? {
        let (index, found) = position(of: name)
        return found ? index : nil
    }

    private func position(of name: String) -> (index: Int, found: Bool) {
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low + high) / 2
            if names[middle].utf8Precedes(name) { low = middle + 1 } else { high = middle }
        }
        return (low, low < names.count && names[low].utf8Equals(name))
    }

    private mutating func sortKeepingLast() {
        guard let order = Self.order(of: names) else { return }
        var sorted = JSONObject()
        for index in order {
            if let last = sorted.names.last, last.utf8Equals(names[index]) {
                sorted.contents[sorted.contents.count - 1] = contents[index]
            } else {
                sorted.names.append(names[index])
                sorted.contents.append(contents[index])
            }
        }
        self = sorted
    }

    public static func == (lhs: JSONObject, rhs: JSONObject) -> Bool {
        lhs.names.count == rhs.names.count
            && zip(lhs.names, rhs.names).allSatisfy { $0.utf8Equals($1) }
            && lhs.contents == rhs.contents
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(names)
        hasher.combine(contents)
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { names.startIndex }
    public var endIndex: Int { names.endIndex }
    public subscript(position: Int) -> Member { (key: names[position], value: contents[position]) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }
}
