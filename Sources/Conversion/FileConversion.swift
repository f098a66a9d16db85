public import Manifests

/// What converting one file comes to: the text before and after, and what a person should know.
public struct FileConversion: Sendable {
    /// An object that was rewritten or mended.
    public struct Converted: Sendable {
        public var object: ObjectReference
        public var from: GroupVersionKind
        /// The same where only what stands in the object was mended.
        public var to: GroupVersionKind
        /// Where its `apiVersion` stood.
        public var location: SourceLocation
        /// What is more than a rename, each with the place in the old text that it is about.
        public var notes: [Note]
    }

    /// Something to know about a converted object.
    public struct Note: Sendable, Hashable {
        public var text: String
        public var location: SourceLocation
    }

    /// An object that is left as it is although the release does not take it.
    public struct Left: Sendable, Hashable {
        public var object: ObjectReference
        public var gvk: GroupVersionKind
        public var location: SourceLocation
        /// A stable word: of ``EditRefusal/Reason``, of ``ConversionError/Code``, or `no-conversion`.
        public var code: String
        public var message: String
        /// What a person can do about it.
        public var remedy: String

        public init(
            object: ObjectReference, gvk: GroupVersionKind, location: SourceLocation, code: String, message: String,
            remedy: String
        ) {
            self.object = object
            self.gvk = gvk
            self.location = location
            self.code = code
            self.message = message
            self.remedy = remedy
        }
    }

    public var source: ManifestSource
    /// The text as it should be; the same as the source's where nothing changes.
    public var bytes: [UInt8]
    /// In the order of the text.
    public var edits: [TextEdit]
    public var converted: [Converted]
    public var left: [Left]
    /// The PodSecurityPolicies, roles and bindings of the file, as they were.
    public var podSecurity: [KubeObject]

    public var isChanged: Bool { !edits.isEmpty }
}
