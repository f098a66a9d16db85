extension KubeObject {
    /// The object without what servers and controllers keep for themselves: `status` and the bookkeeping members of
    /// `metadata`.
    ///
    /// Two objects with equal content are "the same" in every promise this tool makes (amendment A7 of the executor's
    /// specification: no `status`, no `resourceVersion`, `generation`, `managedFields`).
    ///
    /// `uid` and `creationTimestamp` stay: within one cluster another UID is another object. To compare across
    /// clusters use ``portableContent``.
    public var content: JSONValue {
        var json = json
        json["status"] = nil
        for member in ["resourceVersion", "generation", "managedFields", "selfLink"] {
            json[FieldPath([.member("metadata"), .member(member)])] = nil
        }
        for annotation in Self.statusAnnotations(of: gvk.groupKind) {
            json[FieldPath([.member("metadata"), .member("annotations"), .member(annotation)])] = nil
        }
        // A server drops a map that has become empty; whoever writes manifests may leave it.
        for member in ["annotations", "labels"] where json["metadata"]?[member]?.object?.isEmpty == true {
            json[FieldPath([.member("metadata"), .member(member)])] = nil
        }
        return json
    }

    /// Status that has to travel as an annotation, because the version at which the object is read has no field for it:
    /// autoscaling/v1 does that to conditions and metrics of an autoscaler, and they change by the minute.
    private static func statusAnnotations(of kind: GroupKind) -> [String] {
        guard kind == GroupKind(group: "autoscaling", kind: "HorizontalPodAutoscaler") else { return [] }
        return ["autoscaling.alpha.kubernetes.io/conditions", "autoscaling.alpha.kubernetes.io/current-metrics"]
    }

    /// ``content`` without what differs between any two clusters: `uid` and `creationTimestamp`.
    public var portableContent: JSONValue {
        var json = content
        json["metadata.uid" as FieldPath] = nil
        json["metadata.creationTimestamp" as FieldPath] = nil
        return json
    }

    /// Over ``content``, with Secret data as keyed digests when a key is given.
    ///
    /// This is the digest that plans hold and that staleness is judged by.
    public func contentDigest(secretKey: [UInt8]?) -> Digest {
        guard let secretKey, let redacted = KubeObject(SecretRedaction.redact(self, key: secretKey).content) else {
            return Digest(of: content)
        }
        return Digest(of: redacted.json)
    }
}
