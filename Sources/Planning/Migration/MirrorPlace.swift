import Manifests

/// Where a run's journal and before-images are mirrored, so that another machine can go on: one of the two.
public struct MirrorPlace: Sendable, Hashable, Codable {
    /// A folder that outlives the operator's machine, such as a share; relative to the plan's folder.
    public var directory: String?
    /// Secrets of a cluster.
    public var secret: SecretPlace?

    /// A namespace of one of the two clusters, or of a third.
    public struct SecretPlace: Sendable, Hashable, Codable {
        /// The cluster of that side, by whatever context it is reached.
        public var side: Side?
        /// A kubeconfig context.
        public var context: String?
        /// Exists already.
        public var namespace: String

        public init(side: Side? = nil, context: String? = nil, namespace: String) {
            self.side = side
            self.context = context
            self.namespace = namespace
        }
    }

    public init(directory: String? = nil, secret: SecretPlace? = nil) {
        self.directory = directory
        self.secret = secret
    }
}

extension MigrationCheck {
    /// Complaints about the mirror.
    static func mirror(_ place: MirrorPlace, _ complain: Complain) {
        if (place.directory == nil) == (place.secret == nil) {
            complain("mirror", "a mirror is either a directory or a secret", "Write one of the two.")
        }
        if place.directory?.isEmpty == true {
            complain("mirror.directory", "is empty", "Name a folder that outlives this machine.")
        }
        guard let secret = place.secret else { return }
        if (secret.side == nil) == (secret.context == nil) {
            complain(
                "mirror.secret", "the secret's cluster is not clear",
                "Write side: blue or green, or the context of a third cluster.")
        }
        if secret.context?.isEmpty == true {
            complain("mirror.secret.context", "is empty", "Name a kubeconfig context.")
        }
        if !isLabel(secret.namespace) {
            complain(
                "mirror.secret.namespace", "'\(secret.namespace)' is no DNS label",
                "Use lower-case letters, digits and '-'.")
        }
    }
}
