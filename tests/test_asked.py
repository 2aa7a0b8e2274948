"""What a question asks for, told from its wording."""

from __future__ import annotations

import time

import pytest

from assistant.asking.asked import content_words, numbered, type_missing
from assistant.asking.form import form_of


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Kendraの月額料金はいくらですか", "社内の文書を探せる検索サービス"),
        ("電池の起電力は何ボルト？", "1800年に発表された。亜鉛板と銅板"),
        ("シャードの保持期間は最大で何日？", "S3に貯める。P2とP3がある"),
        ("提供が始まったのは何年？", "おすすめを出すサービス"),
        ("鍵は何種類選べますか", "鍵はKMSが管理する"),
        ("Hyperbandという名前が付いた理由は？", "途中で見込みのない試行を打ち切る"),
        ("How many ships did he bring?", "He came to Uraga and asked for a treaty."),
        ("Why is it called so?", "A tuning strategy."),
        ("テスト用は何割にする？", "学習用と検証用とテスト用に分ける。3つ"),
        ("リージョンの数はいくつ？", "S3とP2とl2に対応。(1) 東京"),
        ("担当は何人？", "機械は3台"),
        ("容量は何GB？", "最大5TB"),
        ("長さは何メートル？", "長さを測る"),
        ("何番のポート？", "S3のポート"),
        ("いつ始まった？", "京都を焼いた"),
        ("何年に始まった？", "昔に始まった。長さは12"),
        ("Which port number? How many are open?", "S3 is open"),
        ("What year was it released?", "It was released in spring"),
        ("何世紀の話？", "昔の話"),
        ("何％？", "100"),
        ("何個？", "5人"),
        ("何秒かかる？", "台数は3"),
        ("船は何隻？", "浦賀に来て、下田を開く"),
        ("何時間かかる？", "台数は3"),
        ("理由はどれくらい分かっている？", "分からない"),
        ("メッセージの最大サイズは？", "S3のキュー。1つの送り手につながる"),
        ("同時接続数は？", "チャットボットを作るサービス"),
        ("実行時間の上限は？", "1つの関数を実行する"),
        ("予測できる期間の最大は？", "需要予測など"),
        ("何か国語に対応している？", "音声を文字にする"),
        ("提供開始日は？", "顔を見分けるサービス"),
        ("いつ公開された？", "8888ポートを使う"),
        ("Kubernetesを作ったのは誰？", "コンテナを管理する仕組み"),
        ("DeepARの論文の著者は？", "系列をまとめて学ぶ"),
        ("Who invented LDA?", "A topic model."),
        ("What is the maximum message size?", "A queue."),
        ("無料枠は？", "ビルドを自動化する"),
        ("規格はいつ制定された？", "27001は国際規格"),
        ("いつ書かれたのですか", "困ったとき"),  # when it happened, and not in which case
        ("いつ動く？", "国際的なところ"),
        ("何言語に対応？", "文章を訳す"),
        ("刀の本数は？", "1588年に集めた"),
        ("待ち時間は？", "5GHz帯"),
        ("融点は？", "7が中性"),
        ("同時接続数は？", "相手に一斉に配る"),
        ("ABC法を考えたのは誰？", "重さで分ける考え方"),
        ("What is the service interval of a winch?", "A winch has 3 gears."),
        ("What is the largest message size?", "A queue."),
        ("Acme Cost Viewerは何ヶ月先まで予測できる？", "費用を見る道具"),
    ],
)
def test_a_kind_of_thing_that_is_not_there(question: str, text: str) -> None:
    assert type_missing(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Acme Cost Viewerは何ヶ月先まで予測できる？", "今後 3 ヶ月の費用を予測する"),
        ("Which cost factors are there?", "The size, the age."),
        ("電源を切っても残るメモリ", "消えない記憶素子"),
        ("What is the service interval of a winch?", "Grease it every two years."),
    ],
)
def test_what_is_no_price_and_no_amount_needs_none(question: str, text: str) -> None:
    assert not type_missing(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Kendraの月額料金はいくらですか", "月810ドルから"),
        ("電池の起電力は何ボルト？", "約1.1V"),
        ("何ボルト？", "１．１ボルト"),
        ("保持期間は最大で何日？", "最長365日"),
        ("何ホップ先から届かない？", "ホップ数で選ぶ。最大15"),
        ("最高で何点？", "満点15、最低3"),
        ("ポートは何番？", "| 123 | NTP |"),
        ("鍵は何種類選べますか", "鍵は三つの方式から選ぶ"),
        ("テスト用は何割？", "テスト 20%"),
        ("なぜ遅い？", "コンテナの起動を待つため"),
        ("何が違う？", "どちらも暗号化"),
        ("これは何ですか", "検索サービス"),
        ("どこに置く？", "S3に置く"),
        ("リージョンの数はいくつ？", "S3は12のリージョンにある"),
        ("担当は何人？", "三人"),
        ("担当は何人？", "人 3"),
        ("容量は何GB？", "最大 5 gb"),
        ("長さは何メートル？", "5m"),
        ("長さは何メートル？", "メートルで測ると約5"),
        ("何番のポート？", "ポートは443"),
        ("何番線から出る？", "のりばは3"),
        ("いつ始まった？", "翌朝"),
        ("何年に始まった？", "始まりは1467年"),
        ("How many are open?", "7 are open"),
        ("What year was it released?", "Released in 2006"),
        ("何世紀の話？", "一五世紀の話"),
        ("何％？", "2割"),
        ("何個？", "5つ"),
        ("いつもの場所？", "机"),
        ("何日間？", "3日"),
        ("何の話？", "机の話"),
        # which one, and not how many
        ("L2スイッチは何層の機器？", "データリンク層"),
        ("インスリンを出すのは何細胞？", "ランゲルハンス島のβ"),
        ("P系は何向け？", "ディープラーニング"),
        ("何時代の人？", "江戸の人"),
        # in which case, and not at which time
        ("フェノールフタレインはいつ使う？", "弱酸と強塩基"),
        ("When should I use a FIFO queue?", "Keeps the order"),
        # another word asks
        ("失敗した理由はどこに書く？", "failureというファイル"),
        ("料金はどこで見る？", "請求書の画面"),
        ("メッセージの最大サイズは？", "256KBまで"),
        ("リースの期間は？", "24時間"),
        ("活性化関数は？", "出力層ではシグモイド"),
        ("いくつもの関数を動かすには？", "ワークフローを組む"),
        ("何か国語に対応している？", "30か国語"),
        ("鍵はいつ入れ替わる？", "年に1回自動で"),
        ("いつ始まった？", "1853ペリー来航"),
        ("いつ使う？", "誤検知を減らしたいとき"),
        ("Who invented it?", "Created by Blei"),
        ("開発者は何をする？", "関数を書く"),
        ("誕生日に何をする？", "机を買う"),
        ("いつ書かれた？", "江戸時代の初期"),
        ("導入にかかる期間は？", "数週間から数か月"),
        ("稼働時間は？", "部品の寿命 ÷ 台数"),
        ("参加する人数は？", "三名ではなく5人"),
        ("一つのVPCに最大で何個付けられる？", "VPCあたり1つのみ"),
        ("How long does it take?", "Several days"),
    ],
)
def test_a_kind_of_thing_that_is_there_or_not_asked_for(question: str, text: str) -> None:
    assert not type_missing(question, text)


def test_words_that_only_ask_are_no_content() -> None:
    assert content_words("誰が鍵を管理する理由は何？") == ["鍵", "管理"]
    assert content_words("シャードの保持") == ["シャード", "保持"]
    assert content_words("ｼｬｰﾄﾞの意味") == ["シャード"]
    assert content_words("意味論の名前空間") == ["意味論", "名前空間"]
    assert content_words("KMSは何の略称？") == content_words("どんな仕組み？") == []
    assert content_words("どのような鍵で暗号化する？") == ["暗号化"]
    assert content_words("How many?") == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("RAID10とＲＡＩＤ５", [("raid", "raid10"), ("raid", "raid5")]),
        ("SHA-512 Cat5e", [("sha", "sha-512"), ("cate", "cat5e")]),
        ("1590年に、404番は", [("年", "1590"), ("番", "404")]),
        ("300GBを10年間、30番目、20台、1.5年、AES", []),
    ],
)
def test_what_is_named_by_a_number(text: str, named: list[tuple[str, str]]) -> None:
    assert numbered(text) == named


@pytest.mark.parametrize("text", ["a", "a-", "1", "1a", "誰作", "who ", "数", "料金", "の", " "])
def test_a_long_text_is_told_in_time(text: str) -> None:
    long = (text * 10_000)[:10_000]
    began = time.process_time()
    type_missing(long, long)
    numbered(long)
    content_words(long)
    form_of(long)
    assert time.process_time() - began < 5
