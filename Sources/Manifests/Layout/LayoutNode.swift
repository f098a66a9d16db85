/// How one node of a document is written: its style, and the bytes it takes up.
///
/// A tree of the text, not of the value: an alias stays an alias, `<<` stays a member, members keep their order. Byte
/// offsets count from the start of the file, its byte order mark included. Where a ``SourceDocument`` says what a text
/// means, this says how it looks, for those who change a few bytes of it and nothing else.
public struct LayoutNode: Sendable {
    /// How a scalar is written.
    public enum ScalarStyle: Sendable, Hashable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    /// What stands there.
    public indirect enum Shape: Sendable {
        case scalar(ScalarStyle)
        case alias(String)
        case mapping([Member], isFlow: Bool)
        case sequence([LayoutNode], isFlow: Bool)
    }

    /// One line of a mapping: a name and what stands under it.
    public struct Member: Sendable {
        /// The name as the reader understands it; nil for `<<`.
        public var name: String?
        public var key: LayoutNode
        public var value: LayoutNode
    }

    public var shape: Shape
    /// From its first property (anchor, tag) or byte to the end of what it holds.
    ///
    /// A block collection ends with its last child; a block scalar before the line end of its last line. A missing
    /// value has an empty range behind the colon or dash.
    public var range: Range<Int>
    /// The name of the anchor it carries.
    public var anchor: String?
    /// The tag it carries, in full.
    public var tag: String?
}

extension LayoutNode {
    /// True for collections in brackets or braces.
    public var isFlow: Bool {
        switch shape {
        case .mapping(_, let isFlow), .sequence(_, let isFlow): isFlow
        case .scalar, .alias: false
        }
    }

    /// The nodes directly below, names of members before their values.
    public var children: [LayoutNode] {
        switch shape {
        case .mapping(let members, _): members.flatMap { [$0.key, $0.value] }
        case .sequence(let items, _): items
        case .scalar, .alias: []
        }
    }
}
