"""Ordinary English words, so that a word one letter off a name is not taken for it everywhere.

They never hide a word that *is* a name: `will` is marked where a student is called Will. They only
keep `chair` from being marked where one is called Chai. Put together from everyday and school
vocabulary; words that are names as well (rose, hunter) stand here on purpose.
"""

from __future__ import annotations

_WORDS = """
a abandon abbot able aboard about above absolute absurd academic academy accent accept accident
accuse accusing across act acted acting active actor actually add added addition address adjust
admire admit adopt adoption adorable adore ads advice advise affair affect afford afraid africa
african after again against age agenda agent aggression aggressive ago agree agreed ahead aide
aides aids aim air aircraft airport aisle alarm album albums alcohol ale alert alibi alien alike
alive all allergic allowed ally almost alone along already alright also altar although always am
amazing amber ambulance amen american amnesia among amusing an ancient and angel anger angry
ankle announce annoying annual another answer answered answers anti anxious any anybody anyhow
anymore anyone anything anytime anyway anyways anywhere apart apologize apology appeared appears
appetite approve april apt arc archer are area areas argue arguing argument ark arms army around
arrange arrest arrested arrive arrogant art article artist artists arts as ashamed ashes aside
ask asked asking asks asleep aspirin assembly assume assuming assure assured asthma at attack
attempt attended attention attic attitude attorney auction audition august aunt aunts author
autumn average avoid avoiding awake award awarded awards aware away awful awfully awhile awkward
axe babies baby back backpack backs backup bad badge badly bag bags bail bait bake baked baker
balance balcony bald ban band bandage bandaid bank banks bar barbecue bare barefoot barely
bargain barn barrel bars base based basement basil bat bath bathroom battle bay bcba be beacon
beans beat beating beats became because become becoming bed bedroom bee beef been before beg
began begged begging begin behave behavior behaviors behind being beings believe believed
believes bells belly belong belongs beloved below belt bench bend beneath benefit bent beside
besides best bet betray betrayal betrayed better between beyond bib bicycle bid big bigger
biggest bike bill bin bip birthday bishop bit bite bites biting bits bitter bizarre black blah
blame blamed blaming blanket blast bled bleed bleeding bless blew blind block blocked blocks
blond blood bloody blow blowing blown blows blue board boarding boat body bog bomb bone book
bookcase booked books bookshelf boom boot booze border bored boring born borrow borrowed boss
both bother bothered bothers bottle bottles bottom bought bound bout bow box boxes boy boys
bracelet brains brass brat brave bread break breaking breaks breath breathe bride bridge bring
bringing brings britain british broke broken brook brooks brother brothers brought brown bruise
bruised bruises bruising brush brutal buck bucks bud buddies buddy buff bugs building built
bullets bump bumped bun burn burned burning burnt burst bury bus business busting busy but
butler butt butters button buy buying buys buzz by bye cab cabin cafeteria cage cake call called
caller calling calls calm came camera cameras camp campaign camping campus can canadian cancel
canceled candles cannot cap capable capital car card cards care cared career careful cares
caring carpet carried carry carrying cart carter case cases cash cast castle casual cat catch
catching catholic caught cause caused cave ceiling ceilings cell census center central centre
cents century ceremony certain chair chairman chairs chance chances change changed changes
changing channel charge charges charm charming chart chase chased chasing chat cheap cheat
cheated cheating check checked checking checks cheer chef chest chick chief child children chili
chill chin china chinese chip chips choice choices choke choose choosing chop chose christian
church cigar circles circus cities city civil claimed class classmate classmates classroom
classrooms clay clean cleaned cleaning clear cleared clearly clenched clerk clever client
clients cliff climb clinic clipboard clock close closed closer closest closet closing cloth
clothes clown club clue clues cm coach coast coat cob cod code cog cold collar collect college
colonel colt coma come comes comfort coming command comment commit common company compare
complain complete complex complied comply composed computer computers con concern condo confess
confirm confront confused congress consider consists contact contacts contains contract contrary
control convince cook cooked cooking cool cooper cooperative cops copy corn corner corners
corporal corps correct cost costume cot cottage cough could council counsel counselor count
counting country county couple courage course court courtesy cousin cover covered cow cows coy
cozy crack cracked crash crashed crashing crawl crawling crayon crayons crazy cream create
created creature credit creek creep creeps creepy cried crime crimes criminal crisis critical
crossed crouched crowd cruel crush crushed crutch cry crying crystal cub cubby cue cultural
culture cup cups curb cure current curse cursed curtain custody customer cut cute cuts cutting
dab dad daddy daily daisy dale dam dance danced dancing dare dark darling darn data date dating
daughter dawn day daylight days de deacon dead deadline deadly deaf deal dealer dealing deals
dealt dean dear dearest death debrief debt debut december decent decide decided decision deck
deed deep deeper deeply defeated defend defense degree delay delicate deliver delivery den
denial dentist deny denying depend depends deposit describe deserve deserved deserves design
designed desk desks desktop despite dessert destiny destroy detail details dew diary did die
died dies diet dig digging dignity dim dime diner dining dinner dip direct directed director
dirt dirty disagree disaster discuss dish dishes dismissal distract distress district disturb
ditch dive division divorce divorced dizzy do doc dock docks doctors does dog doing doll dollars
done donor doomed door doors doorway dorm dot double doubt doubts dough down dozen dr drag
dragged dragging drank drawer drawn dream dreamed dreaming dress dressed dresses dressing drew
drill drink drinking drinks drive drives driving drop dropped dropping drops drove drown drowned
drowning drug drugged drugs dry due duke dull dumb dump dumped dumping during dust dutch duty
dye dying each eager ear earl earlier early earn earned earrings ears earth ease easier east
eastern easy eat eaten eating eats economic edition editor eel effect egg eggs eight eighteen
eighty either elbow elbows elders elected election elementary elevator eleven elf elk elm else
emotion emotions emperor employee empty end ended ends enemies energy engaged engine england
english enjoy enjoyed enjoying enormous enough entered entire envelope envy episode era erase
escalate escalated escape escaped escort escorted essay esteem ethics europe european eve even
evening event events ever every everyday everyone evidence evil exact exactly exam examine
example except excited exciting excuse excuses exercise exit expect expense expert explain
explains explode explore expose extra eye eyed eyes fabulous face faces fact facts fad fail
failed faint fair fairly fairy faith faithful fake faking fall falling false familiar families
family famous fan fancy far fast fate father fathers fault favor favorite favors fax fba fear
fears feature featured features february fed federal feds fee feed feeding feel feeling feelings
feels feet fell fella fellas fellow felt female females fence fern festival fever few fiancee
field fields fifteen fifth fifty fig fight fighting fights figure figured figuring file files
filing fill filled filling film films filthy fin final finally find finding finds fine finest
fingers finish finished fir fired fires firing first fisher fist fists fit fits fitting five fix
fixed fixing flame flesh flew flies flight flip flipped flirting floating floor flora flu flush
fly foe fog fold folks follow followed fond food fool fooled fooling foolish fools foot for
forbid force forced forces ford forearm forearms forehead foreign forest forester forget forgive
forgiven forgot fork form formed former forms fort forth fortune forty forward foul found
founded four fourteen fourth fox fragile france frank frankly fraud freak freaked freaking free
freeze freezing french fresh freshman fridge fried friend friendly friends fries from front
frozen fruit fry ft full fun function funeral funny fur furious further fuss future gabe gag
gambling game games gang gap garage garbage gardener gas gate gates gather gave gear gel gem
gene general generous gentle genuine genus german germany gesture get gets getting ghosts giant
gift gifts gin ginger girl give given gives giving glad glasses glen glorious glove gloves glow
glue go goal goals god gods goes going gold gone good goodbye goodness goody gorgeous gossip got
governor gown grab grabbed grabbing grace grade grades grams grand grandma grandpa grandson
grant grateful grave gray great greater greek green grey grief grill grip groom ground grounded
group groups grow grown guard guardian guards guess guessed guessing guest guests guilt guilty
gum gun gut guts guy guys gym habit had hair haircut half halfway hallway hand handed handing
handle handled handling hands handsome hang hanging happen happened happens happier happiest
happily happy hard harder hardest hardly harm harmless harmony harsh has hate hated hates hating
hatred hats haul have having hay he head headache headed heading heads heal healing health
healthy hear heard hearing hears heart heat heath heather heaven heavens heavy heels held hell
help helped helpful helping helpless helps hem hen her here hero hers herself hey hide hiding
high higher highest highly highness highway hike hill him himself hint hip hips hire hired
hiring his historic history hit hitting hobby hog hold holding holds hole holes holidays hollow
holly holy home homeless homework honest honestly honesty honey honor honored hook hooked hop
hope hoped hopeless hopes hoping horrible hose hospital hostage hostile hot hotel hour hours
house houses housing how howdy however hub hudson hue hug huge hugged hugs hum human humanity
humor hunch hundred hungry hunter hurry hurt hurting hurts husband hush hut i ice icy id idea
ideas iep if ignore ignoring ill illegal imagine imagined imp implying impress in inch incident
include included includes income increase indeed india indian industry infected inform informed
injured injuries injury ink inn innocent insanity insecure inside insist insisted instant
instead instinct insult intend intense interest intimate into invented invite invited inviting
involve involved ion ipad ireland iris irish ironic irony is island islands issue issues it
italian italy item items its itself ivy jab jack jacket jail jam january japan japanese jar
jasmine jaw jealous jealousy jeans jerry jet jewel jewelry jewish jimmy job jobs jog join joined
joke jokes joking jot journal joy judge judging judgment jug july jump jumped jumping june
junior junk jury just justice justify keep keeping keeps keg kept keyboard kg kick kicked
kicking kicks kid kidding kiddo kidney kids kill killed killing kills kind kindergarten kindly
kindness kinds king kingdom kiss kissed kissing kit kitchen knee knees knew knife knight knock
knocked knocking know knowing known knows lab label laces lad ladder ladies lady lag lake
lakeview lame lamp land lane language lap laptop large larger largest last late lately later
latest latter laugh laughed laughing laughs launched laundry law lawn lawsuit lawyer lawyers
laying lazy lb lead leader leading leaf league leak leap learn learned lease least leave leaving
lecture led left leg legal legally legs length less lesson lessons let lets letter letting level
liar library license lid lie lied lies life lifetime lift lifted light lighten like liked likes
liking lily limited line lined lines lip lips liquor list listed listen listened little live
lived liver lives living load loaded lobby local locate located location lock locked locker loft
log logical lonely long longer look looked looking looks loose lord los lose loses losing loss
lost lot lots loud louder loudly lounge lousy loved loves loving low lower loyal loyalty luck
luckily lucky lug luggage lunch lunchroom lungs lying lyric mad madam madame made magazine
magical maid mail main mainly majesty major majority make makes making male males mall mama man
manage managed manager manners mansion many map march mark market marks marriage married marrow
marry marrying mask mason massage mat match matches mate material math matter matters mattress
may maybe mayor me meal mean meaning means meant meantime meat medal media median medical meet
meeting melody melt member members memo memories memory men mental mention menu merely mess
message messages messed messing messy met mid middle might mike miles military milk miller
million millions mind minded minds mine minister mint minus minute minutes miracle miracles
mirror misery miss missed misses missing mission mistake mistaken mistakes mm mob model modeling
modern mom moment moments mommy monitor monitored monitors monsieur monsters month months mood
mop moral more morning mortal most mostly motel mothers motive mouth move moved movement moves
movie movies moving mr mrs ms much mud mug mummy murder murders museum music musical must mutual
my myself mystery nag nail nailed nails name named names nanny nap national nations native
natural nature navy nd near nearby nearly neat neck necklace need needed needing needle needs
neighbor neither nephew nerve nerves nervous net network never new news next nice nicely nicer
nick niece night nights nine nineteen ninety no noble nobody nod noise non none nonsense noon
nor normal north northern nose not notable note notebook noted nothing notice noticed novel
november now nowhere numb number numerous nurse nursery nurses nut nuts oak oar oat oath
obsessed obvious occasion october odd odds of off offended offense offer offered offering office
officer official often oh ohio oil ok okay old older olive olympics on once one ones only onto
ooh oops open opened opening opens operated opinion opt option options or orb order ordering
orders ordinary ore original other others ouch ought our ours out outfit outside oven over
overall owe owes owl own owned owns oxygen pace pacific pack package packed packing pad page
pages paid pain painful paint pal pale palm pan pancakes panic panicked pants paper papers
parade paranoid paraprofessional pardon parent parents paris parish park parked parker parking
parks parole part partner parts party passed past pat patch path pathetic patient paw pay
payback paying pays pea peace peaceful pearl peel peg pen pencil pencils pens people per perfect
perfume perhaps period person personal pet phone phones phony photo physical pick picked picking
picks picnic picture pictures pie piece pier pig pigs pile pill pills pin pine pink pipe pit
pity place placed places plague plain plan plane planning plans plant planted plate plates play
played players playground playing plays plea plead pleasant please pleased pleasure pledge
plenty plot plug plum plus pm pocket pockets poem point pointing points poke poked poker poland
pole policy polite poll pond pony pool poor popped pops popular porch pork port porter pose
position possible possibly post poster pot potatoes potion potter pound pounds pour power
powerful practice pray prayed prayer prayers praying prefer pregnant prep prepare prepared pres
present presents press pressing pressure pretend pretty prevent previous price pride primary
prime prince principal print prints prior priority prison prisoner privacy prize pro probably
problem problems proceed process produced producer products program programs project projects
prom promise promised promises prompt prompted prompts prone proof proper properly property
propose proposed protect protective proud prove proven proves provide provided provides province
proving prue psych psychic public pull pulled pulling pulls pulse pump punch punched punish
punished pup puppet pure purple purse push pushed pushing put puts putting puzzle quality
quarters queen question quick quickly quiet quietly quit quite quitting quiz quote race races
rach rack radar radio raft rag rage rail railway rain raise raised raising rake ramp ran ranch
range rash rate rather rational rats raw ray rd re reach reached react read reading reads ready
real realise reality realize realized realizes really realm rear reason reasons recall receipt
received recent recently recess recipe record recorded records recover recovery red redirect
redirected redness reed reef refer referred refuse refused regiment region regional regret
regrets regular rehab related relax relaxed release released relieved rely remained remains
remember remind reminded reminder reminds removal remove removed rent rented repay repeat
replaced report reported reporter republic required rescued research resent resist respect
respects respond response rest resting restrain restrained restraint result results retired
return returned reunion reveal revenge reverend reverse review reward rib ribs rice rich rid
ride rides ridge riding right rights rim ring ringing rings riot rip ripped ripping rise risk
risked risking risks risky ritual river rivers road roam roar roast rob robbed robbery robe rock
rod rode role roll rolled rolling rolls romance romantic roof room roommate rope rose roses rot
rough round route routine row royal rub ruby rude rug rugby ruin ruined ruining rule ruler rules
rum rumor rumors run running runs rural rush rushed russian rust rusty rut sack sad safe safely
safer safety sage said sail saint sake sakes salad salary salesman salt same san sand sandwich
sandy sane sap sat saturday sauce save saved saving saw say saying says scan scar scare scared
scares scarf scaring scary scenario schedule school schools science scissor scissors score
scored scratch scratched scratches scratching screamed screaming screams screech screen screwing
sea seal sealed seam search season seasons seat seated seclusion second seconds secrets section
secure see seed seeing seem seemed seems seen sees selected self selfish sell semester send
sending sends senior sense senses sent sentence separate serenity sergeant series serious served
service services serving set settle setup seven seventy several sew shadows shake shaking shall
shallow shame share sharing shave she shed sheet shelf shelter shelves sheriff shift shine
shining shiny ship ships shirt shirts shock shocked shoe shoes shoot shooting shop shopping
short shorts shot shots should shoulder shoulders shouted shouting shouts shove shoved show
showed shower showing shown shows shrink shut shy sick sickness side sigh sight sign signal
signed signs silence silent silk silly similar since sincere sing singer singing single singles
sink sins sip sir sister sisters sit site sits sitter sitting six sixteen sixty size ski skin
skip skirt skull sky slam slap slapped slapping sleep sleeping sleeve slept slice slid slide
slight slim slip slipped slot slow slowly smack small smart smarter smell smelled smells smile
smiling smoking snack snap snapped sneak sneaking snow snuck so soak soap sob sober social
society sock socks soda sofa soft soil sold sole solid solve solved some somebody someday
somehow someone sometime son song songs sonny soon sooner soothe sore sorry sort sorts soul
souls sound sounded sounds soup sour source south southern soviet sow soy spa space spain
spanish spare speak speaking speaks special specialist species specific speech speed spell
spells spend spending spent spill spilled spin spinning spirits spit spite spitting spoil
spoiled spoke spoken spoon sports spot spotted sprain spray spy spying square squeeze st stab
stabbed stable stadium staff staffing stage stairs stake stall stamp stand standard standing
star stare staring stars start started starters starting starts starving stat state stated
states station stations status stay stayed staying stays steady steak steal stealing stem step
stepped steps stick sticking stiff still stink stinks stir stole stolen stomach stone stood stop
stopped stopping stops store stories stormy story straight strange strap strategies strategy
street strength stress stressed stretch strictly strikes strings stroke stronger stubborn stuck
student students studied studies studio study studying stuff stuffed stunt style sub subject
subtle succeed such sudden suddenly sue suffer suggest suicide suit suitcase suite suits sum
summer sun sunny supervise supervised supervisor supine supper support supported suppose
supposed sure surely surface surgeon surgery surprise survival survive suspect suspects swam
swan swear sweat sweater sweep sweet sweetie swell swelling swim swing swings switch switched
swore sworn swung sympathy symptoms system systems tab table tables tablet tablets tabloid tag
tail take taken takes taking tale talent talented talk talked talking talks tall tame tan tank
tanner tantrum tap tape tapes tar task taste tastes tax taxi taylor tea teach teacher teachers
teal team teams tear tearing tears technician technique techniques teenage teenager teeth tell
telling tells temper temple ten tend tender tense tension tent term terms terrible terribly
terrific tested testify tests texas th than thank thankful thanking thanks that thaw the theatre
their theirs them then theory therapy there these they thick thief thin thing things think
thinking thinks third thirsty thirty this those thou though thought thoughts thousand threat
threaten threats three threw thrill thrilled throat through throw throwing thrown throws thumb
thursday thus thy tick ticket tickets tide tie tied tight tile till tilt time timer times timing
tiny tip tips tire tired title to toast today toe toes together toilet told tomorrow ton tone
tongue tonight tons too took tool tooth top topic tops tore torn torture tortured toss tossed
total totally touch touched touching tough tour tow towards towel towels tower town township
toys trace track tracked tracking tracks trade tragedy tragic trailer train training tramp
transition transport trap trapped trash trauma tray treat treated treating treats tree trial
trick tricked tricks tried trim trinity trip troops trouble troubles true truly trunk trust
trusted trusting truth try trying tub tube tug tumor tuna tune turn turned turner turning turns
tv twelve twenty twice twin twins twist two type ugly uncle under undo unfair unhappy uniform
union unit united units universe unless unsafe until unusual up update upon upper upset upside
upstairs urge urgent urn use used useless uses using usual usually vain valley valuable value
van variety various vast vat vault veil vein vent verb verbal verbally verdict version very vest
vet via vibe vice vicious victim victor video view village vine violent violet virus visions
visit visitor visual voice voices void vote vow vows vs wade wag wage wagon waist wait waited
waiter waiting waitress wake wakes waking wales walk walked walker walking walks walkway wallet
want wanted wanting wants war ward wardrobe warm warn warned warning warrant was wash washed
washing waste wasted wasting watch watched watching water wave waving wax way ways we weak
weakness weapon wear wearing wears web wedding weddings weed week weekend weep weird well wells
went were west western wet whack what wheel when whenever where wherever whether which while
whim whip whipped whistle white who whoever whole whom whose why wide wife wig wild will willing
win wind window wine wing wink winning wipe wiped wire wired wise wish wished wishes wishing wit
witch with withdrew within without witness witter wives woe wok woke wolf woman women won wonder
wondered wont woods wool word words wore work worked worker workers working works worksheet
worksheets world worlds worm worn worried worries worry worrying worse worst worth would wound
wounds wrap wrapped wreck wrecked wrist wrists write writer writing written wrong wrote yacht
yak yam yard yarn yawn yeah year years yell yelled yelling yellow yen yes yet york you young
your yours yourself youth zealand zero zip zone zones zoo zoom
"""
COMMON_WORDS = frozenset(_WORDS.split())

_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""),
            ("ing", "e"), ("ly", ""), ("er", ""), ("er", "e"), ("d", ""))  # fmt: skip


def is_common(word: str) -> bool:
    """Whether `word` (folded) is an ordinary English word or a form of one."""
    if word in COMMON_WORDS:
        return True
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            stem = word[: -len(ending)] + instead
            if stem in COMMON_WORDS or (stem[-1:] == stem[-2:-1] and stem[:-1] in COMMON_WORDS):
                return True
    return False
