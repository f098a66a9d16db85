import Catalog
public import Manifests

/// A cluster that never was, made from a seed: the ground for tests that must not only work on our own fixtures.
///
/// What varies: how many applications there are and who talks to whom; which kinds they use and at which API version
/// each stands; what sleeps on purpose; what controllers made and nobody may copy; odd names and values, empty
/// selectors, owners that are no controllers, finalizers, labels and annotations that try to get in the way. Equal
/// seeds give equal objects.
public struct GeneratedCluster: Sendable {
    /// The minor version that the objects stand in.
    public let version: KubernetesVersion
    /// As an inventory would hold them, in no useful order.
    public let objects: [KubeObject]
    /// The namespaces of each application, in an order in which they can move.
    public let applications: [(name: String, namespaces: [String])]
    /// UID of `kube-system`.
    public let uid: String

    /// Makes the cluster of that seed with `size` applications.
    public init(seed: UInt64, applications size: Int = 2, version: KubernetesVersion = KubernetesVersion(minor: 24)) {
        var maker = ClusterMaker(seed: seed, version: version)
        maker.platform()
        for index in 0..<size { maker.application(index) }
        self.version = version
        objects = maker.objects.shuffled(using: &maker.random)
        applications = maker.applications
        uid = maker.clusterUID
    }
}

/// Draws the objects one by one; each file beside this one draws one sort of them.
struct ClusterMaker {
    var random: SeededGenerator
    var objects: [KubeObject] = []
    var applications: [(name: String, namespaces: [String])] = []
    /// Services with their namespaces, for those who call them.
    var services: [String] = []
    let version: KubernetesVersion
    let clusterUID: String
    private let catalog = Catalog.builtIn

    init(seed: UInt64, version: KubernetesVersion) {
        // Apart from the seeds of simulated worlds, whose generator is the same: UIDs must not meet.
        random = SeededGenerator(seed: seed ^ 0x5EED_0F0B_1EC7_5000)
        self.version = version
        clusterUID = Self.uid(&random)
    }

    mutating func application(_ index: Int) {
        let name = random.pick(["front", "ledger", "chat", "search", "0-mail"]) + "-\(index)"
        let namespaces = (0..<Int.random(in: 1...2, using: &random)).map { $0 == 0 ? name : "\(name)-extra" }
        for namespace in namespaces { fill(namespace) }
        applications.append((name, namespaces))
    }

    private mutating func fill(_ namespace: String) {
        var labels: JSONObject = ["tenant": "generated"]
        if version.minor >= 21 { labels["kubernetes.io/metadata.name"] = .string(namespace) }
        if random.chance(30) { labels["pod-security.kubernetes.io/enforce"] = "baseline" }
        add("v1", "Namespace", nil, namespace) {
            $0["metadata.labels"] = .object(labels)
            $0["metadata.annotations"] = ["owner": "team \"ß\"\nline two", "empty": ""]
        }
        access(namespace)
        limits(namespace)
        config(namespace)
        for number in 0..<Int.random(in: 1...3, using: &random) { workload(namespace, workloadName(number)) }
        if random.chance(40) { statefulSet(namespace) }
        if random.chance(20) { daemonSet(namespace) }
        if random.chance(20) { oldWorkloads(namespace) }
        for number in 0..<Int.random(in: 0...2, using: &random) { cronJob(namespace, "job-\(number)") }
        if random.chance(40) { jobs(namespace) }
        if random.chance(40) { traffic(namespace) }
        if random.chance(50) { customResources(namespace) }
        if random.chance(30) { disks(namespace) }
        if random.chance(30) { leftovers(namespace) }
    }

    /// Names at the borders of what is allowed.
    private mutating func workloadName(_ number: Int) -> String {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: "\(number)-starts-with-a-digit"
        case 1: "dots.are.fine-\(number)"
        case 2: "a-name-of-sixty-three-characters-" + String(repeating: "x", count: 28) + "-\(number)"
        case 3: "n\(number)"
        default: "app-\(number)"
        }
    }

    /// One of the versions that this minor serves, the first in the list that is drawn; the last as a matter of course.
    mutating func served(_ kind: String, _ candidates: [String]) -> String {
        let there = candidates.filter { catalog.isServed(GroupVersionKind(apiVersion: $0, kind: kind), at: version) }
        return there.isEmpty ? candidates[candidates.count - 1] : random.pick(there)
    }

    /// Whether this minor serves that kind at that version.
    func serves(_ apiVersion: String, _ kind: String) -> Bool {
        catalog.isServed(GroupVersionKind(apiVersion: apiVersion, kind: kind), at: version)
    }

    @discardableResult
    mutating func add(
        _ apiVersion: String, _ kind: String, _ namespace: String?, _ name: String,
        _ edit: (inout KubeObject) -> Void = { _ in }
    ) -> String {
        let uid = Self.uid(&random)
        var object = KubeObject(GroupVersionKind(apiVersion: apiVersion, kind: kind), namespace: namespace, name: name)
        object["metadata.uid"] = .string(uid)
        object["metadata.resourceVersion"] = .string(String(100 + objects.count))
        object["metadata.creationTimestamp"] = "2023-04-01T00:00:00Z"
        edit(&object)
        objects.append(object)
        return uid
    }

    static func owner(
        _ apiVersion: String, _ kind: String, _ name: String, _ uid: String, controller: Bool = true
    ) -> JSONValue {
        var members: JSONObject = [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name), "uid": .string(uid),
        ]
        if controller {
            members["controller"] = true
            members["blockOwnerDeletion"] = true
        }
        return .object(members)
    }

    static func uid(_ random: inout SeededGenerator) -> String {
        let digits = Array("0123456789abcdef")
        var text = ""
        for (index, word) in [random.next(), random.next()].enumerated() {
            for nibble in 0..<16 {
                if index == 0, nibble == 8 || nibble == 12 { text.append("-") }
                if index == 1, nibble == 0 || nibble == 4 { text.append("-") }
                text.append(digits[Int((word >> UInt64(60 - 4 * nibble)) & 0xF)])
            }
        }
        return text
    }
}
