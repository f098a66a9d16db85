/// What templates may ask of the cluster they are rendered for, as far as it is known.
public struct TemplateCapabilities: Sendable {
    /// The release of `.Capabilities.KubeVersion`.
    public var version: KubernetesVersion
    /// Whether `.Capabilities.APIVersions` has that `apiVersion`, or that kind at it; nil where nobody can tell.
    public var serves: @Sendable (_ apiVersion: String, _ kind: String?) -> Bool?

    public init(
        version: KubernetesVersion, serves: @escaping @Sendable (_ apiVersion: String, _ kind: String?) -> Bool?
    ) {
        self.version = version
        self.serves = serves
    }
}
