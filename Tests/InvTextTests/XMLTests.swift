import InvBytes
import InvText
import TestSupport
import Testing

@Suite struct XMLTests {
  func parse(_ text: String) throws -> XMLElement { try XML.parse(Array(text.utf8)) }

  @Test func listing() throws {
    let root = try parse(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
        <Name>a-bucket</Name><Prefix/><KeyCount >2</KeyCount >
        <Contents><Key>a&amp;b &#x263a;&#9;</Key><Size>10</Size></Contents>
        <!-- between -- -->
        <Contents><Key><![CDATA[<x>&amp;]]></Key><Owner><ID>me</ID></Owner></Contents>
      </ListBucketResult>

      """)
    #expect(root.name == "ListBucketResult" && root.isNamed("ListBucketResult"))
    #expect(!root.isNamed("ListBucketResults") && !root.isNamed("ListBucketResulT"))
    #expect(root["Name"]?.text == "a-bucket" && root["Prefix"]?.text == "")
    #expect(root["KeyCount"]?.text == "2" && root["Nothing"] == nil && root.text == "")
    let keys = root.children.filter { $0.isNamed("Contents") }.map { $0["Key"]?.text }
    #expect(keys == ["a&b ☺\t", "<x>&amp;"])
    #expect(
      root.children.map(\.name) == ["Name", "Prefix", "KeyCount", "Contents", "Contents"])
    let last = root.children.reversed().first
    #expect(last?["Owner"]?["ID"]?.text == "me" && last?["ID"] == nil)
  }

  @Test(arguments: [
    ("<a/>", ""), ("<a></a>", ""), ("\u{feff}<a>x</a>", "x"), ("<a b='>' c=\"/>\">x</a>", "x"),
    ("<n:a xmlns:n='u'>x</n:a>", "x"), ("<a>&lt;&gt;&quot;&apos;&amp;amp;</a>", "<>\"'&amp;"),
    ("<a>&#1;&#x7F;&#x000010fFff;</a>", "\u{1}\u{7f}\u{10ffff}"), ("<a> x\ty </a>", " x\ty "),
    ("<a>1\r\n2\r3\r</a>", "1\n2\n3\n"), ("<a>&#13;&#10;</a>", "\r\n"),
    ("<a>x<!-- </a> -->y<?z ?>&#122;<![CDATA[]]]]><![CDATA[>\r\n]]></a>", "xyz]]>\n"),
    ("<?xml version='1.0'?><?xml-stylesheet x?><!-- c --><a>x</a><!-- d --> ", "x"),
    ("<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n<é>x</é>", "x"),
  ])
  func values(_ text: String, _ value: String) throws {
    #expect(try parse(text).text == value)
  }

  @Test func bytesThatAreNoTextAreKept() throws {
    let root = try XML.parse(Array("<a>".utf8) + [0xff, 0x80] + Array("</a>".utf8))
    #expect(root.bytes == [0xff, 0x80] && root.text == nil)
  }

  @Test(arguments: [
    ("", 0, "no XML element"), ("  ", 2, "no XML element"),
    ("x", 0, "text outside of the XML root"),
    ("<", 1, "the XML text is cut short"), ("<a", 2, "the XML text is cut short"),
    ("<a>", 3, "the XML text is cut short"),
    ("<a>x</a", 7, "the XML text is cut short"),
    ("<a><b></a>", 6, "an XML end tag that does not match"),
    ("<n:a></a>", 5, "an XML end tag that does not match"),
    ("<a></n:a>", 3, "an XML end tag that does not match"),
    ("<aa></a>", 4, "an XML end tag that does not match"),
    ("</a>", 0, "an XML end tag too many"), ("<a/></a>", 4, "an XML end tag too many"),
    ("<a/><b/>", 4, "a second XML root"), ("<a/>x", 4, "text outside of the XML root"),
    ("<![CDATA[x]]><a/>", 0, "text outside of the XML root"),
    ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 0, "an XML document type"),
    ("<a>&b;</a>", 3, "an XML reference that stands for nothing"),
    ("<a>& b</a>", 3, "an XML reference that stands for nothing"),
    ("<a>&#0;</a>", 3, "an XML reference that stands for nothing"),
    ("<a>&#xd800;</a>", 3, "an XML reference that stands for nothing"),
    ("<a>&#x110000;</a>", 3, "an XML reference that stands for nothing"),
    ("<a>&#+1;</a>", 3, "an XML reference that stands for nothing"),
    ("<a>&#a;</a>", 3, "an XML reference that stands for nothing"),
    ("<a>&#;</a>", 3, "an XML reference that stands for nothing"),
    ("<a>&amp", 3, "an XML reference that stands for nothing"),
    ("<a><!-- x</a>", 13, "the XML text is cut short"),
    ("<a><![CDATA[x]]</a>", 19, "the XML text is cut short"),
    ("<1/>", 1, "no XML name"), ("<a:/>", 1, "no XML name"), ("< a/>", 1, "no XML name"),
    ("<a/ >", 3, "an XML tag that does not end"),
    ("<a b/>", 4, "no = after an XML attribute's name"),
    ("<a b=c/>", 5, "no quote around an XML attribute"),
    ("<a b='c'd='e'/>", 8, "no space before an XML attribute"),
    ("<a b='<'/>", 6, "a < in an XML attribute"), ("<a b='c", 7, "the XML text is cut short"),
    ("<?xml version='1.0' encoding='latin1'?><a/>", 0, "XML in an encoding that is not UTF-8"),
    ("<?xml version='1.0'><a/>", 19, "an XML declaration that does not end"),
  ])
  func refused(_ text: String, _ offset: UInt64, _ what: String) {
    #expect(throws: FormatError(what, at: offset)) { try parse(text) }
  }

  @Test func depth() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: "<a>", count: levels) + String(repeating: "</a>", count: levels)
    }
    var element: XMLElement? = try parse(nested(256))
    for _ in 0..<255 { element = element?["a"] }
    #expect(element != nil && element?["a"] == nil)
    #expect(throws: FormatError("XML more than 256 levels deep", at: 768)) {
      try parse(nested(257))
    }
  }

  @Test func everyPrefixOfADocumentIsRefused() throws {
    let text = Array(
      "<?xml version='1.0'?><a b='c'><d>&amp;<![CDATA[x]]></d><!-- e --><f/></a>".utf8)
    _ = try XML.parse(text)
    for length in 0..<text.count {
      #expect(throws: FormatError.self) { try XML.parse(Array(text[..<length])) }
    }
  }

  @Test func randomBytesDoNoHarm() {
    var generator = SeededGenerator(11)
    let pieces = [
      "<", ">", "/", "a", "b", "&", ";", "#", "x", "1", "<!--", "-->", "<![CDATA[", "]]>", "'", "=",
      " ", "?", "\r",
    ]
    for _ in 0..<20_000 {
      let inner = (0..<Int.random(in: 0..<12, using: &generator)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }
      let text = Array("<r>\(inner.joined())</r>".utf8)
      guard let root = try? XML.parse(text) else { continue }
      #expect(root.name == "r" && root.bytes.count <= text.count)
    }
  }
}
