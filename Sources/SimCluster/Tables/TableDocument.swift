import Manifests

extension SimWorld {
    /// Objects as a Table: what `kubectl get` prints.
    func table(
        of objects: [KubeObject], _ resource: ServedResource, metadata: JSONObject, includeObject: String,
        metaVersion: String
    ) throws(APIStatus) -> JSONValue {
        guard ["None", "Metadata", "Object"].contains(includeObject) else {
            throw .badRequest(
                "Unable to convert to Table as requested: includeObject: Invalid value: \"\(includeObject)\": must be "
                    + "'Metadata', 'Object', 'None', or empty")
        }
        let columns = TableColumns.of(resource)
        let definitions = columns.map { column -> JSONValue in
            [
                "name": .string(column.name), "type": .string(column.type),
                "format": column.name == "Name" ? "name" : "", "description": "",
                "priority": .integer(column.wide ? 1 : 0),
            ]
        }
        let rows = objects.map { object -> JSONValue in
            var row: JSONObject = ["cells": .array(columns.map { $0.cell(object, now) })]
            switch includeObject {
            case "Object": row["object"] = object.json
            case "Metadata": row["object"] = object.partialMetadata(metaVersion: metaVersion)
            default: break
            }
            return .object(row)
        }
        return [
            "kind": "Table", "apiVersion": .string("meta.k8s.io/\(metaVersion)"), "metadata": .object(metadata),
            "columnDefinitions": .array(definitions), "rows": .array(rows),
        ]
    }
}

/// One column of a Table.
struct TableColumn: Sendable {
    var name: String
    var type = "string"
    /// Shown with `-o wide` only.
    var wide = false
    /// The cell for an object, at that moment.
    var cell: @Sendable (KubeObject, Int) -> JSONValue

    /// A column that shows the value at a place as it is.
    init(_ name: String, type: String = "string", wide: Bool = false, at path: FieldPath) {
        self.init(name, type: type, wide: wide) { object, _ in
            object[path] ?? (type == "integer" ? 0 : "<none>")
        }
    }

    init(
        _ name: String, type: String = "string", wide: Bool = false,
        cell: @escaping @Sendable (KubeObject, Int) -> JSONValue
    ) {
        self.name = name
        self.type = type
        self.wide = wide
        self.cell = cell
    }

    /// The object's name.
    static let name = TableColumn("Name", at: "metadata.name")
    /// How long ago it was created.
    static let age = TableColumn.since("Age", "metadata.creationTimestamp")

    /// How long ago a moment in the object lies.
    static func since(_ name: String, _ path: FieldPath) -> TableColumn {
        TableColumn(name) { object, now in
            guard let time = object[path]?.string.flatMap(VirtualTime.seconds) else { return "<none>" }
            return .string(VirtualTime.age(now - time))
        }
    }
}
