import KubeAPI
public import Planning

extension KubeCluster {
    public func missing(_ rules: [AccessRule]) async throws(StepFailure) -> [String] {
        let wide = rules.flatMap { rule in rule.questions(in: nil) }
        do throws(KubeError) {
            // One question first: a server that cannot be asked is not asked a hundred times.
            guard let first = wide.first, try await client.mayI(first) != .unknown else { return [] }
            let denied = Set(try await client.denied(wide))
            // Who may not everywhere may still do so where the plan acts.
            var missing: [AccessQuestion] = []
            for rule in rules {
                let refused = rule.questions(in: nil).filter(denied.contains)
                guard let namespaces = rule.namespaces, !namespaces.isEmpty else {
                    missing += refused
                    continue
                }
                let verbs = Set(refused.map(\.verb))
                let narrow = namespaces.flatMap { namespace in
                    rule.questions(in: namespace).filter { verbs.contains($0.verb) }
                }
                missing += try await client.denied(narrow)
            }
            return Set(missing).sorted().map(\.description)
        } catch { throw StepFailure(error) }
    }
}

extension AccessRule {
    /// The rule as questions, one for each resource and verb.
    fileprivate func questions(in namespace: String?) -> [AccessQuestion] {
        resources.flatMap { resource in
            verbs.map { verb in AccessQuestion(verb, resource, group: group, namespace: namespace) }
        }
    }
}
