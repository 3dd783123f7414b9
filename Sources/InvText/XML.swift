public import InvBytes

/// XML text as web services answer it: one whole document of elements and text.
///
/// Attributes are passed over, comments and processing instructions too. Strings are bytes: what is
/// not UTF-8 is kept.
public enum XML {
  /// How deep elements may lie within each other.
  public static var depthLimit: Int { 256 }

  /// How many bytes a document may have.
  public static var sizeLimit: Int { 256 << 20 }

  /// Reads a document and gives its root.
  ///
  /// Refused are: a document type, an entity that XML itself does not have, tags that do not match,
  /// an encoding that is not UTF-8, anything but white space around the root. A reference to a
  /// control character is taken, since the keys of objects may have them. Offsets in errors count
  /// from the start of `text`.
  public static func parse(_ text: [UInt8]) throws(FormatError) -> XMLElement {
    guard text.count <= sizeLimit else {
      throw FormatError("XML of more than \(sizeLimit) bytes", at: UInt64(sizeLimit))
    }
    var parser = XMLParser(text)
    return XMLElement(tree: XMLTree(text: text, nodes: try parser.document()), place: 0)
  }
}

/// A document: its text, and its elements in the order of their start tags.
final class XMLTree: Sendable {
  let text: [UInt8]
  let nodes: [XMLNode]

  init(text: [UInt8], nodes: [XMLNode]) {
    self.text = text
    self.nodes = nodes
  }
}

/// Where an element stands in the text of its document.
struct XMLNode: Sendable {
  /// The name without its namespace's prefix.
  var name: Range<UInt32>
  /// From behind the start tag to the end tag.
  var content: Range<UInt32>
  /// The place of the first element that is not within this one.
  var end: UInt32
  /// Whether the content is the value as it stands.
  var isPlain = true
}
