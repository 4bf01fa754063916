"""Short and pet names by which the same child is called, English and Spanish, both ways.

Our own list of what is heard in schools. Each line is one name in its forms: the first word is
the full name, the others stand for it. A name may stand in several lines.
"""

from __future__ import annotations

_LINES = """
abigail abby abbie gail abi
abraham abe bram
adelaide addie ada heidi
addison addie addy
adrian ade adri
agustin tin agus
albert al bert bertie albie
alberto beto berto tito
alejandra ale alex sandra jandra
alejandro ale alex jandro
alexander alex xander zander al lex sasha alec
alexandra alex lexi lexie sandra sasha allie alexa
alfonso poncho fonzo
alfred alfie fred freddie al
alfredo fredo
alice allie ali
alicia licha ali
alison allie ali alli
amanda mandy mandi
amelia amy mia millie
ana anita
anastasia stacy ana nastya tasia
andrea andie andy
andres andy andresito
andrew andy drew
angela angie
angelica angie geli
anna annie ann nan
anthony tony ant
antonia toni tonia tona
antonio tony tono toni
ariana ari
arthur art artie
ashley ash
augustus gus august auggie
aurora rory
barbara barb babs
beatriz bea betty
benjamin ben benji benny
bernard bernie
bernardo nardo
brandon bran
brian bri
brianna bri
bridget bridie
brittany brit britt
brooklyn brook
caleb cal
calvin cal
cameron cam
carlos charlie carlitos
carmen carmencita
carolina caro
caroline carol carrie caro
catalina cata cat
catherine cathy cat kate katie cate kit
cecilia cece ceci celia chila
charles charlie chuck chas chip
charlotte charlie lottie char
christian chris
christina chris chrissy tina
christine chris chrissy tina
christopher chris topher kit
clara clarita
claudia clau
concepcion concha conchita
consuelo chelo
cristian cris
cristina cris tina
cristobal tobal
daniel dan danny dani
daniela dani
danielle dani elle
david dave davey davy
deborah deb debbie
dolores lola loli
dominic dom nick
dominique dom nikki
donald don donnie
dorothy dot dottie dolly
douglas doug
dylan dyl
edgar ed eddie
eduardo lalo edu eddie
edward ed eddie ned ted teddy
edwin ed eddie
eleanor ellie nora nell elle
elena ellie lena
elijah eli lijah
elisa eli lisa
elizabeth liz lizzie beth betty betsy eliza ellie libby lisa liza
ella ellie
emanuel manny manu
emilia emi mila
emiliano emi milo
emilio emi milo
emily em emmy emi
emma em emmy
enrique quique kike rick
ernest ernie
ernesto neto
esperanza espe pera lancha
esteban estebi
esther essie hettie
ethan eth
eugene gene
eugenia geni
evelyn evie eve
ezekiel zeke
ezra ez
federico fede fico kiko
felipe pipe lipe
fernanda fer nanda
fernando fer nando
florence flo flossie
frances fran frankie fanny
francesca fran chessa frankie
francis frank fran
francisca paca paquita fran
francisco paco pancho frank kiko cisco curro
franklin frank
frederick fred freddie rick
gabriel gabe gabi
gabriela gabi gaby
gabrielle gabby gabi elle brie
genevieve gen viv evie
geraldine gerry
gerald gerry jerry
gerardo jerry
gilberto beto gil
giovanni gio vanni
giselle gigi elle
gonzalo chalo gonza
grace gracie
graciela chela grace
gregory greg
guadalupe lupe lupita pita
guillermo memo guille
gustavo gus tavo
hannah annie
harold harry hal
harrison harry
harriet hattie
hector tito
helen nell nellie
henry hank harry hal
herbert herb bert
hernan nan
hortensia tencha
humberto beto
ignacio nacho
immanuel manny
irene rene
isaac ike zac
isabel isa izzy bella chabela belle
isabella isa izzy bella belle
isaiah zay isa
ismael isma
israel izzy
ivan vanya
jacob jake coby
jacqueline jackie
james jim jimmy jamie jem
jamie james
jaime jimmy
janet jan
javier javi xavi
jean jeanie
jeffrey jeff
jennifer jen jenny jenna
jeremiah jerry jere miah
jeremy jerry
jerome jerry
jessica jess jessie
jesus chuy chucho
jesse jess
joanna jo annie joey
joaquin quino joaco
johanna jo hanna
john johnny jack jon
jonathan jon johnny nathan
jordan jordy
jorge george coque
jose pepe chepe joe pepito
josefina pepa fina josie
joseph joe joey jo
josephine jo josie
joshua josh
josue josh
juan juanito johnny
juana juanita
judith judy jude
julia jules julie
julian jules juli
juliana jules juli
julio julito
katherine kate katie kathy kat kit kitty kay
kathleen kathy kate katie
kayla kay
kenneth ken kenny
kevin kev
kimberly kim kimmy
kristen kris kristy
laura laurie lala
lauren laurie ren
lawrence larry lars
leonard leo len lenny
leonardo leo nardo
leticia lety leti
lillian lily lil
lorenzo enzo loren
louis lou louie
louise lou
lourdes lulu
lucas luke luca
lucia lucy luci chia
lucy lu
luis lucho lou luisito
luz lucita
luisa lu
lukasz luke
luke lukey
lucja lucy lusia luca
mackenzie kenzie mac
madeline maddie maddy lina
madison maddie maddy
magdalena magda lena maggie
manuel manny manolo manu
manuela manu
marcos marc mark
marcus marc mark
margaret maggie meg peggy marge greta rita margie
margarita rita margo mago
maria mari mary mia marita maruca
mariana mari
mariano nano
mario mayo
marisol mari
martha marty
martin marty
mary molly polly mamie
mateo teo matt matty
matthew matt matty
mathias matt
matias mati
maximilian max
maximiliano max
maxwell max
mauricio mau
megan meg
melissa mel missy lissa
mercedes meche merche
michael mike mikey mick mickey
michelle shelly mich
miguel mike miguelito migue
mikhail misha
mildred millie
miranda mira randy
miriam mimi
mohammed mo mohamed muhammad mohammad
muhammad mo mohammed mohamed mohammad
monica moni
montserrat montse
nancy nan
natalia nat talia natasha
natalie nat
nathan nate nat
nathaniel nate nat nathan
nicholas nick nicky nico
nicolas nico nick
nicole nikki nicky nic
noah no
norma normita
octavio tavo
oliver ollie
olivia liv livvie olly
orlando lando
oscar ozzie
osvaldo valdo
pablo pablito
pamela pam
patricia pat patty tricia trish
patrick pat paddy rick
paul pauly
paula pau
paulina pau
pedro perico pedrito
penelope penny nell
peter pete
philip phil pip
phillip phil pip
priscilla cilla
rachel rach rae
rafael rafa rafi
ramon moncho mon
raquel raque
raul raulito
raymond ray
rebecca becky becca
refugio cuca cuco
reginald reggie reg
ricardo ricky rick richie cardo
richard rick ricky rich richie dick
robert rob bob bobby robbie bert
roberto beto rob berto
rodolfo rudy fito
rodrigo rigo rod
rogelio roger
roland rollie
ronald ron ronnie
rosa rosita rosie
rosario chayo charo
rose rosie
rosemary rosie rose
ruben benny
rudolph rudy
russell russ rusty
salvador chava sal
samantha sam sammy
samuel sam sammy
sandra sandy
santiago santi chago diego yago tiago
sara sally
sarah sally sadie
savannah savvy anna
sebastian seb bas bastian sebas
sergio checo
silvia chivis
sofia sofi sophie
sophia sophie soph fia
stanley stan
stella stell
stephanie steph stevie
stephen steve stevie steph
steven steve stevie
susan sue susie suzy
sylvester sly
sylvia syl
tabitha tabby
tatiana tati tania tanya
terence terry
teresa tere terry tessa tess
theodore theo ted teddy
theresa terry tess tessa
thomas tom tommy
timothy tim timmy
tomas tommy tom
tobias toby
tyler ty
valentina vale tina
valentino tino
valeria vale
valerie val
vanessa nessa ness
veronica vero ronnie roni
vicente chente vince
victor vic
victoria vicky tori vic
vincent vince vinny
violet vi
virginia ginny ginger
walter walt wally
wendy wen
william will bill billy willie liam
willow will
xavier xavi zavi
ximena xime mena
yesenia yesi
yolanda yoli
yusuf yousef joseph
zachary zach zack zac
zoe zo
"""


def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _LINES.split("\n"):
        words = line.split()
        for word in words:
            found.setdefault(word, set()).update(words)
    return {word: frozenset(others - {word}) for word, others in found.items()}


_OF = _groups()
_NOTHING: frozenset[str] = frozenset()


def nicknames(folded: str) -> frozenset[str]:
    """Other names under which someone called `folded` may go (`matthew` → `matt`, `matty`).

    Both ways: a student enrolled as Matty may be called Matthew. A Spanish pet form in -ito, -ita
    is made up where the name allows one.
    """
    found = {
        nick for nick in _OF.get(folded, _NOTHING) if len(nick) > 1 and nick not in ("an", "no")
    }
    if len(folded) > 3 and folded[-1] in "ao":
        found.add(f"{folded[:-1]}it{folded[-1]}")
    elif len(folded) > 3 and folded[-1] in "lsn":
        found |= {f"{folded}ito", f"{folded}ita"}
    return frozenset(found)
