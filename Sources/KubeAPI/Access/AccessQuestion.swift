import HTTP
import Manifests

/// Something that one would like to be allowed to do.
public struct AccessQuestion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// What is done, in the words of RBAC.
    public var verb: String
    /// The API group; the core group is empty.
    public var group: String
    /// The plural name.
    public var resource: String
    /// Such as `status` or `scale`.
    public var subresource: String?
    /// Where; nil asks about all namespaces, or about what lives in none.
    public var namespace: String?
    /// Which; nil asks about all.
    public var name: String?

    /// A question with these parts.
    public init(
        _ verb: String, _ resource: String, group: String = "", subresource: String? = nil, namespace: String? = nil,
        name: String? = nil
    ) {
        self.verb = verb
        self.group = group
        self.resource = resource
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
    }

    /// As a person reads it: `list secrets in all namespaces`.
    public var description: String {
        var text = "\(verb) \(resource)"
        if !group.isEmpty { text += ".\(group)" }
        if let subresource { text += "/\(subresource)" }
        if let name { text += " \"\(name)\"" }
        return text + (namespace.map { " in namespace \($0)" } ?? " in all namespaces")
    }

    public static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.group, lhs.resource, lhs.subresource ?? "", lhs.verb, lhs.namespace ?? "", lhs.name ?? "")
            < (rhs.group, rhs.resource, rhs.subresource ?? "", rhs.verb, rhs.namespace ?? "", rhs.name ?? "")
    }
}

/// What the server says to an ``AccessQuestion``.
public enum AccessAnswer: Sendable, Hashable {
    case allowed
    /// With the authorizer's reason, which is often empty.
    case denied(reason: String)
    /// The server cannot be asked: it has no such API, as some proxies in front of clusters.
    case unknown
}

extension KubeClient {
    /// Asks the server whether we may do something (SelfSubjectAccessReview, which everybody may).
    ///
    /// The answer is the authorizer's: admission may still refuse.
    public func mayI(_ question: AccessQuestion) async throws(KubeError) -> AccessAnswer {
        var attributes: JSONObject = [
            "verb": .string(question.verb), "group": .string(question.group), "resource": .string(question.resource),
        ]
        attributes["subresource"] = question.subresource.map(JSONValue.string)
        attributes["namespace"] = question.namespace.map(JSONValue.string)
        attributes["name"] = question.name.map(JSONValue.string)
        let review: JSONValue = [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": ["resourceAttributes": .object(attributes)],
        ]
        let answer: JSONValue
        do {
            answer = try await json(.post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body: review)
        } catch {
            guard error.code == .notFound || error.status == 405 else { throw error }
            return .unknown
        }
        let status = answer["status"]
        if status?["allowed"] == true { return .allowed }
        // An authorizer that could not decide says so here; nothing was allowed all the same.
        let reason = status?["reason"]?.string ?? ""
        return .denied(reason: reason.isEmpty ? status?["evaluationError"]?.string ?? "" : reason)
    }

    /// Of these questions those that are denied, in order, a few asked at a time.
    ///
    /// What the server cannot be asked counts as allowed: the real request will tell.
    public func denied(_ questions: [AccessQuestion]) async throws(KubeError) -> [AccessQuestion] {
        let answers = await withTaskGroup(of: AnsweredQuestion.self) { group in
            var answers: [AnsweredQuestion] = []
            var rest = questions[...]
            for question in rest.prefix(8) { group.addTask { await answered(question) } }
            rest = rest.dropFirst(8)
            while let answer = await group.next() {
                answers.append(answer)
                if let question = rest.popFirst() { group.addTask { await answered(question) } }
            }
            return answers
        }
        var denied: [AccessQuestion] = []
        for answer in answers {
            if case .denied = try answer.result.get() { denied.append(answer.question) }
        }
        return denied.sorted()
    }

    private struct AnsweredQuestion: Sendable {
        var question: AccessQuestion
        var result: Result<AccessAnswer, KubeError>
    }

    private func answered(_ question: AccessQuestion) async -> AnsweredQuestion {
        do throws(KubeError) {
            return AnsweredQuestion(question: question, result: .success(try await mayI(question)))
        } catch {
            return AnsweredQuestion(question: question, result: .failure(error))
        }
    }
}
