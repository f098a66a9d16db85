/// Bounds for readers of JSON and YAML.
public struct ReaderLimits: Sendable, Hashable {
    /// How deep containers may nest.
    ///
    /// Kubernetes' own decoder refuses beyond 10,000; real objects stay below 60.
    public var depth: Int
    /// Bytes of one text.
    public var bytes: Int
    /// Nodes that aliases may expand to, over all documents of a file.
    public var aliasNodes: Int

    /// Values in one text, containers and scalars alike: three bytes of input can cost a hundred of memory.
    public var nodes: Int
    /// How deep YAML's brackets and braces may nest; libyaml's time per token grows with it.
    public var flowDepth: Int

    public init(depth: Int, bytes: Int, aliasNodes: Int, nodes: Int = 16_000_000, flowDepth: Int = 100) {
        self.depth = depth
        self.bytes = bytes
        self.aliasNodes = aliasNodes
        self.nodes = nodes
        self.flowDepth = flowDepth
    }

    /// 512 levels (100 in YAML's flow style), 256 MiB, 16 million values, one million alias nodes.
    public static let standard = ReaderLimits(depth: 512, bytes: 256 << 20, aliasNodes: 1_000_000)
}
