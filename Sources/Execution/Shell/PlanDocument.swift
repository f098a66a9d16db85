public import Manifests
public import Planning

/// A plan with its objects, as read from its files and checked against their digests.
public struct PlanDocument: Sendable {
    public var plan: Plan
    public var objects: [PlannedObject]
    /// Over the plan: what runs are bound to.
    public var digest: Digest
    /// The bytes that are kept with the run.
    public var files: PlanFiles

    /// The objects that are set on what green has already, where it has it.
    var merged: Set<ObjectReference> { Set(objects.filter(\.mergesIntoExisting).map(\.object)) }

    public init(plan: Plan, objects: [PlannedObject], digest: Digest, files: PlanFiles) {
        self.plan = plan
        self.objects = objects
        self.digest = digest
        self.files = files
    }
}
