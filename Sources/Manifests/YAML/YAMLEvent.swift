/// What the parser reports, in Swift's own types: nothing of libyaml leaves ``YAMLParser``.
enum YAMLEvent {
    /// A scalar before its type is decided.
    struct Scalar {
        var text: String
        var tag: String?
        var anchor: String?
        /// True when written without quotes, so that the text decides the type.
        var isPlain: Bool
    }

    /// The head of a sequence or mapping.
    struct Collection {
        var tag: String?
        var anchor: String?
        /// True in JSON's style, with brackets or braces.
        var isFlow: Bool
    }

    case documentStart
    case documentEnd
    case streamEnd
    case alias(String)
    case scalar(Scalar)
    case sequenceStart(Collection)
    case sequenceEnd
    case mappingStart(Collection)
    case mappingEnd
}
