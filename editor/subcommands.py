"""The commands of the command line: of each its operation, its files, and some examples.

A later operation is one more entry: its flags come from its own fields.
"""

from __future__ import annotations

from editor.batch_analogy import EXAMPLES
from editor.batch_clips import CLIPS
from editor.batch_filters import KEEPING, NAMED
from editor.batch_inputs import (
    BACKGROUND,
    FLASH,
    FROM,
    GARBAGE,
    GUIDES,
    KEY,
    MASK,
    MOVE,
    MOVING,
    PATH,
    PIXELS,
    PLATE,
    PROTECT,
    REGIONS,
    REMOVE,
    RESTORED,
    SAMPLE,
    SAMPLING,
    SIZE,
    STRAIGHT,
)
from editor.batch_sprites import CUTTING, LAYING_OUT, STEERING
from editor.batch_text import TEXTS
from editor.batch_texture import PICTURES_OF_IT
from editor.flags import Subcommand
from editor.operations.analogy import Analogy, suggested
from editor.operations.extend import Extend
from editor.operations.fill import Fill
from editor.operations.filter import ApplyFilter
from editor.operations.grow import Grow
from editor.operations.loop import Endless, Loop
from editor.operations.prompt import CompleteFigure
from editor.operations.reshuffle import Reshuffle
from editor.operations.restore import Restore
from editor.operations.retarget import Retarget
from editor.operations.sprite import CutSprite
from editor.operations.steer import LayOut, WalkPath
from editor.operations.text import GrowText
from editor.operations.texture import Texture

COMMANDS = (
    Subcommand(
        "fill",
        Fill,
        "Take away what the mask covers; its surroundings grow over it.",
        (MASK, FROM, SAMPLING, GUIDES),
        """\
  patina fill scan.tif --mask scratches.png -o mended.tif
  patina fill *.jpg --mask dust.png -o mended/ --method smooth
  patina fill wall.jpg --mask poster.png --sampling bricks.png -o wall-mended.jpg --variations 4
  patina fill shots/*.jpg --mask masks/ -o mended/ --report mended.json""",
    ),
    Subcommand(
        "retarget",
        Retarget,
        "Give a picture another size or shape, and let what matters in it keep its own.",
        (PROTECT, REMOVE, STRAIGHT),
        """\
  patina retarget beach.jpg --size 60%x100% -o narrow.jpg
  patina retarget street.png --size 1080x1080 --protect people.png --guides kerbs.json -o square.png
  patina retarget hall.tif --size 100%x100% --remove bin.png -o tidy.tif
  patina retarget *.jpg --size 75%x100% --method seams -o narrow/""",
        together=SIZE,
    ),
    Subcommand(
        "reshuffle",
        Reshuffle,
        "Move pieces of a picture; their old places heal.",
        (),
        """\
  patina reshuffle meadow.jpg --move donkey.png:-120,30 -o meadow-2.jpg
  patina reshuffle sea.tif --move boat.png:300,12,scale=0.6,mirror,keep -o two-boats.tif
  patina reshuffle sky.png --move kite.png:0,-80 --move moon.png:200,0,turn=15 -o sky-2.png""",
        repeated=MOVE,
    ),
    Subcommand(
        "texture",
        Texture,
        "Grow a texture of any size from a sample of it.",
        (SAMPLE,),
        """\
  patina texture bricks.jpg --size 2048x2048 --tile xy -o wall.png
  patina texture bark.png --size 400x400 --method exact --window 15 -o tree.png
  patina texture grass.jpg --size 800x600 -o lawn.jpg --variations 4
  patina texture ink.jpg --size 600x600 --guide heart.png ink-map.png -o heart.jpg
  patina texture rock.png --size 1024x1024 --tile xy --with normal.png rough.png -o cliff.png""",
        together=PIXELS,
        given=PICTURES_OF_IT,
    ),
    Subcommand(
        "grow",
        Grow,
        "Take away what the mask covers; the hole grows shut pixel after pixel.",
        (MASK, FROM, SAMPLING),
        """\
  patina grow cloth.png --mask stain.png -o clean.png
  patina grow wall.jpg --mask hole.png -o whole.jpg --window 17 --seed 3""",
    ),
    Subcommand(
        "extend",
        Extend,
        "Make a picture larger: what lies around it grows on past its edges.",
        (SAMPLING,),
        """\
  patina extend beach.jpg --left 300 --right 300 -o wide.jpg
  patina extend cloth.png --bottom 64 --method exact --window 15 -o long.png""",
    ),
    Subcommand(
        "restore",
        Restore,
        "Take noise or JPEG artefacts away, enlarge a picture, make up its missing pixels, or clear"
        " it with another one taken with flash.",
        (RESTORED, FLASH),
        """\
  patina restore noisy.tif -o clean.tif
  patina restore old.jpg -o better.png --task jpeg --budget 60
  patina restore small.png -o large.png --task superres --scale 4 --report curve.json
  patina restore torn.png --mask tears.png -o whole.png --task inpaint --net skip-5
  patina restore candles.jpg --flash bright.jpg -o clear.png --task flash""",
    ),
    Subcommand(
        "analogy",
        Analogy,
        "Do to a picture B what was done to A when it became A′.",
        (),
        """\
  patina analogy photo.jpg painting.jpg other.jpg -o painted.png --preset artistic
  patina analogy labels.png river.jpg mine.png -o landscape.png --preset numbers
  patina analogy A.png AP.png B.png -o BP.png --guides A-light.png B-light.png --preset numbers
  patina analogy before.jpg after.jpg holiday/*.jpg -o graded/ --report graded.json
  patina analogy bark.jpg bark.jpg large.png -o wall.png --preset texture""",
        given=EXAMPLES,
        suggested=lambda asked: suggested(asked.preset),
    ),
    Subcommand(
        "prompt",
        CompleteFigure,
        "Complete a figure of two by two cells: an example in and out, a query, and an empty one.",
        (),
        """\
  patina prompt figure.png -o completed.png
  patina prompt figures/*.png -o completed/ --report completed.json

The empty cell is of a single colour. What the example shows is found out, and said: a change of
tones, of colours or of texture. Nothing but the example is known: no thing can be named, moved or
invented. The same with pictures of their own: patina analogy A AP B -o BP --preset prompt""",
    ),
    Subcommand(
        "filter",
        ApplyFilter,
        "Use a filter that was saved from an analogy.",
        (),
        """\
  patina filter --list
  patina filter --save Painted --a photo.jpg --ap painting.jpg --preset artistic
  patina filter Painted other.jpg -o painted.png
  patina filter Painted holiday/*.jpg -o painted/ --report painted.json
  patina filter --rename Painted Oils
  patina filter --delete Oils
  patina filter --list --help says more about saving and renaming""",
        given=NAMED,
        besides=KEEPING,
    ),
    Subcommand(
        "loop",
        Loop,
        "Cut a clip to the loop that shows its seam least, or to the best one of a length.",
        (MOVING, REGIONS),
        """\
  patina loop waterfall.mov -o waterfall.mp4
  patina loop pendulum.mp4 -o pendulum.gif --length 40
  patina loop lake.mp4 --mask water.png -o cinemagraph.webm --steady --report lake.json
  patina loop fair.mp4 --regions swings.png --play rest=still --play 2=loop+12 -o fair.mp4""",
        trade=CLIPS,
    ),
    Subcommand(
        "endless",
        Endless,
        "Play a clip on and on, in an order that is never quite the same.",
        (MOVING, REGIONS),
        """\
  patina endless flame.mp4 --frames 3000 -o evening.mp4
  patina endless water.mov --frames 900 -o water.webm --sigma 0.1 --blend morph --seed 7""",
        trade=CLIPS,
    ),
    Subcommand(
        "sprite",
        CutSprite,
        "Cut a creature out of a clip, to be steered.",
        (GARBAGE, PLATE),
        """\
  patina sprite walker-on-green.mp4 -o walker.sprite --mirror
  patina sprite fish.mov -o fish.sprite --key '#1e50d0' --spill 0.8
  patina sprite mouse.mp4 -o mouse.sprite --key difference --shadow 0.5 --report mouse.json""",
        trade=CUTTING,
        together=KEY,
    ),
    Subcommand(
        "steer",
        WalkPath,
        "Let a sprite walk along a path, or follow the mouse on a page of its own.",
        (PATH, BACKGROUND),
        """\
  patina steer mouse.sprite --path square --seconds 20 -o square.mp4 --background floor.jpg
  patina steer fish.sprite --path route.json -o fish.webm
  patina steer walker.sprite -o walker.html""",
        trade=STEERING,
    ),
    Subcommand(
        "sheet",
        LayOut,
        "Lay the frames of a sprite out in one picture, with a JSON file that says where each is.",
        (),
        """\
  patina sheet mouse.sprite -o mouse.png
  patina sheet walker.sprite -o walker.webp --scale 50""",
        trade=LAYING_OUT,
    ),
    Subcommand(
        "text",
        GrowText,
        "Grow a text that looks like another one, letter by letter or word by word.",
        (),
        """\
  patina text novel.txt --order 4 -o like-it.txt
  patina text letters/*.txt --order 2 --unit words --length 200 -o drawn/ --report drawn.json
  patina text novel.txt --order 3 --plain --seed 7 -o shannon.txt""",
        trade=TEXTS,
    ),
)
