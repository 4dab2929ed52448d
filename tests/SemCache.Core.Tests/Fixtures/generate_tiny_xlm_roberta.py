#!/usr/bin/env python3
"""Makes tiny-xlm-roberta, a model with the tokeniser of XLM-RoBERTa, and the token ids a test expects of it.

What for: the .NET tests compare their token ids with those of the reference implementation of SentencePiece, over text in
a dozen scripts and with the normalisation (nmt_nfkc) that the vocabulary of XLM-RoBERTa has. The network is a table of
random vectors, one a token: its vectors mean nothing.

How to run:  apt-get install python3-sentencepiece python3-onnx python3-numpy
             /usr/bin/python3 generate_tiny_xlm_roberta.py
It writes next to itself: tiny-xlm-roberta/ with model.onnx, sentencepiece.bpe.model and manifest.json, and
tiny-xlm-roberta-expected.json.
"""
import hashlib
import json
import pathlib
import tempfile

import numpy as np
import onnx
import sentencepiece
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE / "tiny-xlm-roberta"
SEED, HIDDEN, WINDOW = 20240229, 32, 64

TEXTS = """How do I reset my password? I have forgotten the password of my account.
What is the capital of France? What's the weather like in Paris tomorrow?
Wie setze ich mein Passwort zurück? Ich möchte morgen nach München fahren.
Où est la bibliothèque? J'ai besoin d'aide pour mon compte, s'il vous plaît.
¿Cómo puedo cambiar mi contraseña? ¿Dónde está el café más cercano?
Как изменить пароль? Где находится ближайший магазин?
パスワードを変更するにはどうすればいいですか？
如何重置我的密码？今天天气怎么样？
비밀번호를 어떻게 변경하나요?
كيف يمكنني تغيير كلمة المرور؟
मैं अपना पासवर्ड कैसे बदलूँ?
Şifremi nasıl değiştirebilirim? İstanbul'da hava nasıl?
Làm thế nào để đổi mật khẩu?""".split("\n")
TRICKY = [
    "", "a", "  two  spaces ", "tab\tand\nnew line\r\nend", "no\u00a0break zero\u200bwidth \ufeffmark",
    "cafe\u0301 and café", "ＦＵＬＬ ｗｉｄｔｈ", "ﬁne ﬀ ™ ㎏", "<s> </s> <unk> <pad>", "▁already ▁under", "C++ and Ｃ＋＋",
    "“quotes” ‘single’ …", "1,000 and 12:30", "a" * 100,
]


def ids(processor, text):
    pieces = processor.encode(text)
    return [0] + [3 if piece == 0 else piece + 1 for piece in pieces] + [2]


def main():
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        corpus = pathlib.Path(folder) / "corpus.txt"
        corpus.write_text("\n".join(TEXTS * 8), encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus), model_prefix=f"{folder}/m", vocab_size=500, model_type="unigram",
            normalization_rule_name="nmt_nfkc", character_coverage=1.0, unk_id=0, bos_id=1, eos_id=2,
            hard_vocab_limit=False, num_threads=1)
        vocabulary = (pathlib.Path(folder) / "m.model").read_bytes()
    (FOLDER / "sentencepiece.bpe.model").write_bytes(vocabulary)
    processor = sentencepiece.SentencePieceProcessor(model_proto=vocabulary)
    expected = [{"text": text, "ids": ids(processor, text)} for text in TEXTS + TRICKY]
    (HERE / "tiny-xlm-roberta-expected.json").write_text(
        json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    table = np.random.default_rng(SEED).standard_normal((processor.vocab_size() + 1, HIDDEN)).astype(np.float16)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
            helper.make_node("Cast", ["rows"], ["last_hidden_state"], to=TensorProto.FLOAT),
        ],
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
         for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", HIDDEN])],
        [numpy_helper.from_array(table, "table")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7
    onnx.checker.check_model(model)
    (FOLDER / "model.onnx").write_bytes(model.SerializeToString())
    manifest = {
        "name": "tiny-xlm-roberta", "dimension": HIDDEN, "window": WINDOW, "pooling": "mean", "normalize": True,
        "tokenizer": "xlmRoberta", "lowerCase": False, "queryPrefix": "", "licence": "Apache-2.0",
        "source": "tests/SemCache.Core.Tests/Fixtures/generate_tiny_xlm_roberta.py",
        "sha256": {name: hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
                   for name in ("model.onnx", "sentencepiece.bpe.model")},
    }
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
