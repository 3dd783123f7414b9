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
///
/// What walks over many elements goes by their places here, which costs no reference each.
public final class XMLTree: Sendable {
  public let text: [UInt8]
  let nodes: [XMLNode]

  init(text: [UInt8], nodes: [XMLNode]) {
    self.text = text
    self.nodes = nodes
  }

  /// The element at `place`.
  public subscript(place: Int) -> XMLElement { XMLElement(tree: self, place: place) }

  /// The place of the first element behind that at `place` that is not within it.
  @inline(__always)
  public func end(_ place: Int) -> Int { Int(nodes[place].end) }

  /// Where the value of an element is in the text; nil when it does not stand there as it is.
  @inline(__always)
  public func range(_ place: Int) -> Range<Int>? {
    let node = nodes[place]
    guard node.isPlain, Int(node.end) == place + 1 else { return nil }
    return Int(node.content.lowerBound)..<Int(node.content.upperBound)
  }

  /// Whether that is the name of an element without its namespace's prefix.
  @inline(__always)
  public func isNamed(_ place: Int, _ name: StaticString) -> Bool {
    let own = nodes[place].name
    guard own.count == name.utf8CodeUnitCount else { return false }
    let start = Int(own.lowerBound)
    return name.withUTF8Buffer { bytes in
      for at in 0..<bytes.count where unsafe bytes[at] != text[start &+ at] { return false }
      return true
    }
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
