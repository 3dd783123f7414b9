/// An element of an XML document, which it keeps in memory.
public struct XMLElement: Sendable {
  public let tree: XMLTree
  public let place: Int

  private var node: XMLNode { tree.nodes[place] }

  /// The name without its namespace's prefix.
  public var name: String {
    String(
      decoding: tree.text[Int(node.name.lowerBound)..<Int(node.name.upperBound)], as: UTF8.self)
  }

  /// Whether that is the name without its namespace's prefix; costs no allocation.
  public func isNamed(_ name: StaticString) -> Bool { tree.isNamed(place, name) }

  /// The elements directly within, in the order they stand.
  public var children: Children { Children(tree: tree, at: place + 1, end: Int(node.end)) }

  public struct Children: Sequence, IteratorProtocol {
    let tree: XMLTree
    var at: Int
    let end: Int

    public mutating func next() -> XMLElement? {
      guard at < end else { return nil }
      defer { at = Int(tree.nodes[at].end) }
      return XMLElement(tree: tree, place: at)
    }
  }

  /// The first element of that name directly within.
  public subscript(_ name: StaticString) -> XMLElement? {
    for child in children where child.isNamed(name) { return child }
    return nil
  }

  /// The value: the text with its references resolved; empty when there are elements within.
  public var bytes: ArraySlice<UInt8> {
    let node = node
    if Int(node.end) > place + 1 { return [] }
    let content = tree.text[Int(node.content.lowerBound)..<Int(node.content.upperBound)]
    return node.isPlain ? content : XMLParser.value(of: content)
  }

  /// The value as text; nil when it is not UTF-8.
  public var text: String? { String(validating: bytes, as: UTF8.self) }
}
