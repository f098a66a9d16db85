/// Where every node of a document stands: a tree of the same shape as the value.
///
/// Invariant: `children` follows the elements of an array, or the members of a ``JSONObject`` in its own (sorted)
/// order, so that no names need to be stored twice. 32 bits suffice because readers bound the size of a text.
struct PositionTree: Sendable, Hashable {
    /// A line and a column, both counted from 1.
    struct Mark: Sendable, Hashable {
        var line: UInt32
        var column: UInt32
    }

    /// Where the value begins.
    var value: Mark
    /// Where the name begins under which the value stands; of an array's element, the value itself.
    var key: Mark
    var children: [PositionTree] = []

    init(value: Mark, children: [PositionTree] = []) {
        self.value = value
        self.key = value
        self.children = children
    }
}
